const DAY_MS = 86_400_000;

/**
 * The instant at which the clocks of a zone show a given time. As in Rails, an hour that comes twice means its
 * first coming, and one that is left out is read with the offset from before the change.
 * @param local that time, as if it were UTC, ms since 1970
 */
export function zonedToUtc(local: number, timeZone: string): number {
  const offsets = [offsetAt(local - DAY_MS, timeZone), offsetAt(local + DAY_MS, timeZone)];
  const instants = offsets
    .map((offset) => local - offset)
    .filter((at) => offsetAt(at, timeZone) === local - at);
  return instants.length > 0 ? Math.min(...instants) : local - (offsets[0] ?? 0);
}

/** How far the clocks of a zone are ahead of UTC at an instant, ms. */
function offsetAt(utc: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(utc)
      .map((part) => [part.type, part.value]),
  );
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year');
  const shown = new Date(0);
  shown.setUTCFullYear(year, number('month') - 1, number('day'));
  shown.setUTCHours(number('hour'), number('minute'), number('second'));
  return shown.getTime() - Math.floor(utc / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}
