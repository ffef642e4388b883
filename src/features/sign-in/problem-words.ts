/** What the gateway says when a sign-in went wrong: `/sign-in?problem=…` (gateway-wire). */
const words: Readonly<Record<string, string>> = {
  denied: 'Canvas was told not to let Tapmark in. Tap once more, and allow it when Canvas asks.',
  expired: 'That sign-in took too long or began on another device. Tap once more.',
  unreachable: 'Canvas does not answer just now. Try again in a minute; marking works without.',
  failed:
    'Canvas did not accept Tapmark. Ask whoever runs the Tapmark server to look at the developer key: its address to return to and its scopes.',
};

/** @param search of the page's address. @returns undefined when nothing went wrong */
export function problemWords(search: string): string | undefined {
  const problem = new URLSearchParams(search).get('problem');
  if (problem === null) return undefined;
  return Object.hasOwn(words, problem) ? words[problem] : words['failed'];
}
