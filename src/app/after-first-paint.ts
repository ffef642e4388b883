/** A page that is not in view paints nothing, and must go on all the same, ms. */
const longestWaitMs = 2_000;

let painted: Promise<void> | undefined;

/** Resolves when something of the app can be seen: what the first screen does not need begins then. */
export function afterFirstPaint(): Promise<void> {
  painted ??= new Promise((resolve) => {
    setTimeout(resolve, longestWaitMs);
    const observer = new PerformanceObserver((list) => {
      if (list.getEntriesByName('first-contentful-paint').length === 0) return;
      observer.disconnect();
      resolve();
    });
    observer.observe({ type: 'paint', buffered: true });
  });
  return painted;
}
