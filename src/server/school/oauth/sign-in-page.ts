import { html } from 'hono/html';
import { requestFields } from './authorization-request.ts';
import type { Parameters } from '../http/parameters.ts';

/*
 * The school's own pages: plain HTML, no script, its one style sheet from beside them.
 */

export const SIGN_IN_PATH = '/login/oauth2/auth';
export const STYLE_PATH = '/login/oauth2/style.css';

type Html = ReturnType<typeof html>;

/** Somebody the sample school lets in by one tap. */
export interface SamplePerson {
  readonly login: string;
  readonly name: string;
  /** What they may do, in a few words. */
  readonly role: string;
}

export interface SignInPage {
  readonly schoolName: string;
  /** The program that asks. */
  readonly programName: string;
  /** Empty when the school is not the sample. */
  readonly people: readonly SamplePerson[];
  /** The request, to be carried through the form. */
  readonly parameters: Parameters;
  /** Why the last try did not work. */
  readonly problem?: string;
}

/** One button a person. The button's text is its whole name, so the rest describes it from outside. */
export function signInPage({ schoolName, programName, people, parameters, problem }: SignInPage): Html {
  const carried = requestFields.flatMap((name) => {
    const value = parameters[name];
    return typeof value === 'string' ? [html`<input type="hidden" name="${name}" value="${value}" />`] : [];
  });
  const person = ({ login, name, role }: SamplePerson) =>
    html`<li>
      <p id="person-${login}">
        <strong><bdi>${name}</bdi></strong
        >${role}
      </p>
      <button name="login" value="${login}" aria-describedby="person-${login}">Sign in as ${login}</button>
    </li>`;
  const choice =
    people.length > 0
      ? html`<p class="note">
            This is a sample school. Its people are invented, and anyone may be any of them.
          </p>
          <ul>
            ${people.map(person)}
          </ul>`
      : html`<p>
            <strong>With a QR code:</strong> open the camera of this tablet and point it at the code your
            school gave you. Each code works once.
          </p>
          <p><label for="token">With an access token:</label></p>
          ${problem === undefined ? '' : html`<p class="problem" id="problem" role="alert">${problem}</p>`}
          <input
            type="password"
            id="token"
            name="token"
            autocomplete="off"
            spellcheck="false"
            ${problem === undefined ? '' : html`aria-invalid="true" aria-describedby="problem"`}
          />
          <p><button>Sign in</button></p>`;
  return page(
    `Sign in to ${schoolName}`,
    html`<p class="program"><bdi>${programName}</bdi> asks who you are, and wants to use your courses in</p>
      <h1><bdi>${schoolName}</bdi></h1>
      <form method="post" action="${SIGN_IN_PATH}">
        ${carried} ${choice}
        <button class="quiet" name="cancel" value="1">Cancel</button>
      </form>`,
  );
}

/** Where a sign-in link leads: one more tap, so that no program that looks at links uses it up. */
export function linkPage(schoolName: string, personName: string): Html {
  return page(
    `Sign in to ${schoolName}`,
    html`<p class="program">You are about to sign in to</p>
      <h1><bdi>${schoolName}</bdi></h1>
      <form method="post">
        <p>This link works once.</p>
        <button>Sign in as <bdi>${personName}</bdi></button>
      </form>`,
  );
}

export function deadLinkPage(schoolName: string): Html {
  return page(
    'This link no longer works',
    html`<h1>This link no longer works</h1>
      <p>
        A sign-in link works once, and only for a short time. Ask whoever runs <bdi>${schoolName}</bdi> for a
        new one.
      </p>`,
  );
}

/** For a native program: the person types the code over. */
export function codePage(code: string): Html {
  return page(
    'Code',
    html`<h1>You are signed in</h1>
      <p>Copy this code into the program that asked for it:</p>
      <p><code>${code}</code></p>`,
  );
}

/** When the browser cannot be sent back, a person reads this. */
export function signInErrorPage(description: string): Html {
  return page(
    'Sign-in did not work',
    html`<h1>Sign-in did not work</h1>
      <p>The program that sent you here asked in a way this school does not know: ${description}.</p>
      <p>Go back and try again. If it happens again, tell whoever set the program up.</p>`,
  );
}

function page(title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="${STYLE_PATH}" />
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`;
}
