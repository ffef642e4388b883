/** One line of the table. A figure is a ratio or a count within one run; bare times differ from machine to machine. */
export interface Figure {
  readonly name: string;
  /** What was measured, for people: "1.02 ms against 0.71 ms". */
  readonly measured: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: number;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) throw new Error('no measurement');
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A table for the terminal, and for a report. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    figure.measured,
    `${show(figure.value)} ${figure.unit}`,
    `≤ ${show(figure.limit)} ${figure.unit}`,
    isMet(figure) ? 'met' : 'NOT MET',
  ]);
  const all = [['figure', 'measured', 'value', 'limit', ''], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(all[0]!), rule, ...all.slice(1).map(line)].join('\n');
}

export function isMet(figure: Figure): boolean {
  return figure.value <= figure.limit;
}

function show(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2).replace(/\.?0+$/, '');
}
