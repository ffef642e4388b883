/** Nothing has changed for so long, ms. */
const quietMs = 150;

/** Resolves when the document has stopped changing by itself. */
export async function untilQuiet(): Promise<void> {
  await new Promise<void>((resolve) => {
    let timer = setTimeout(done, quietMs);
    const observer = new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(done, quietMs);
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    function done() {
      observer.disconnect();
      resolve();
    }
  });
}
