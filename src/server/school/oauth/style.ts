/** The sign-in page's style sheet: the colours of the app, light and dark, and nothing that moves. */
export const signInStyle = `:root {
  --bg: #f4f5f2; --surface: #ffffff; --line: #c9cec8; --edge: #74807a; --ink: #14201c; --soft: #4b5752;
  --accent: #1b4f8f; --on-accent: #ffffff; --pass: #0a6152; --pass-bg: #d3eee6; --fail: #7a4300;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #101614; --surface: #1a2320; --line: #3a4743; --edge: #7d8b86; --ink: #edf3f0; --soft: #aebbb6;
    --accent: #9cc4ff; --on-accent: #0c1a2b; --pass: #7fe0c8; --pass-bg: #123d34; --fail: #ffc27a;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  background: var(--bg); color: var(--ink); min-height: 100vh; display: grid; place-items: start center;
  padding: clamp(16px, 6vh, 72px) 16px;
  font: 500 1rem/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
main {
  width: 100%; max-width: 34rem; padding: clamp(20px, 5vw, 36px); background: var(--surface);
  border: 1px solid var(--line); border-radius: 16px;
}
h1 { font-size: 1.6rem; line-height: 1.2; margin-block: 2px 20px; text-wrap: balance; }
.program { color: var(--soft); }
.note {
  padding: 12px 14px; margin-block-end: 12px; border-inline-start: 4px solid var(--pass);
  background: var(--pass-bg); color: var(--pass); border-radius: 8px;
}
main > p, form > p { margin-block-end: 14px; }
label { font-weight: 650; }
.problem { color: var(--fail); font-weight: 650; }
input:not([type='hidden']) {
  width: 100%; min-height: 48px; padding: 10px 14px; margin-block-end: 14px; border: 1.5px solid var(--edge);
  border-radius: 12px; background: var(--bg); color: var(--ink); font: inherit;
}
input:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
ul { list-style: none; padding: 0; }
li {
  display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; padding-block: 12px;
  border-block-end: 1px solid var(--line);
}
li p { flex: 1 1 12rem; color: var(--soft); font-size: 0.9375rem; }
li strong { display: block; color: var(--ink); font-size: 1.0625rem; font-weight: 650; }
button {
  min-height: 48px; padding: 10px 20px; border: 1.5px solid var(--accent); border-radius: 12px;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 650; cursor: pointer;
}
li button { flex: 0 0 auto; min-width: 12rem; }
button.quiet { margin-block-start: 20px; border-color: var(--edge); background: none; color: var(--ink); }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
button:hover { filter: brightness(1.08); }
code { display: block; padding: 12px; overflow-wrap: anywhere; border: 1px solid var(--line); border-radius: 8px; }
@media (max-width: 30rem) { li button { flex: 1 1 100%; } }
@media (forced-colors: active) { .note { border: 1px solid; } }
`;
