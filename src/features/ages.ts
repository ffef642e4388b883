/** When something was read from Canvas, in as few words as are true: "10:42", "Tue 10:42", "3 Nov". */
export function readAtWords(atMs: number, nowMs: number, locale?: string): string {
  const at = new Date(atMs);
  const days = (startOfDay(nowMs) - startOfDay(atMs)) / dayMs;
  if (days < 0.5) return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(at);
  if (days < 6.5) {
    return new Intl.DateTimeFormat(locale, { weekday: 'short', hour: 'numeric', minute: '2-digit' }).format(
      at,
    );
  }
  const sameYear = at.getFullYear() === new Date(nowMs).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
}

const dayMs = 86_400_000;

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}
