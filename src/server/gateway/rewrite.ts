/*
 * Canvas writes absolute URLs of its own; the browser must stay on our origin (canvas-contract §3.6). Bodies are
 * rewritten as text, not parsed and written anew: JSON.parse would round ids beyond 2^53 that came as numbers.
 */

/** `Link`: every `<URL>` of Canvas's API becomes one of ours. */
export function rewriteLink(link: string, canvasOrigin: string, own: string): string {
  return link.replaceAll(`<${canvasOrigin}/api/v1/`, `<${own}/api/v1/`);
}

/**
 * The URLs in `meta.pagination` and `links`, known by their keys. A quote inside a JSON string is escaped, so no
 * title can look like such a key. Canvas escapes `&` (canvas-contract §1.7), so the URLs may hold escapes too.
 */
export function rewriteBody(body: string, canvasOrigin: string, own: string): string {
  if (!body.includes(`${canvasOrigin}/api/v1/`)) return body;
  return body.replace(
    /("(?:next|prev|last|first|current|template|assessments\.results)"\s*:\s*")((?:[^"\\]|\\.)*)"/g,
    (whole, key: string, url: string) =>
      url.startsWith(`${canvasOrigin}/api/v1/`) ? `${key}${own}${url.slice(canvasOrigin.length)}"` : whole,
  );
}
