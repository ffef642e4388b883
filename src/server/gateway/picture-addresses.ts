import type { Vault } from './vault.ts';

/** Where the app finds a student's picture: on our own origin, as the content security policy has it. */
export const picturePath = '/tapmark/pictures/';

export interface PictureAddresses {
  /** @param route of the answer, as `allow-list.ts` names it @returns the body, its `avatar_url`s now ours */
  rewrite(route: string, body: string): string;
  /** @returns where Canvas said a picture is; undefined for a name that was not made here */
  open(name: string): URL | undefined;
}

/** The calls whose answers are people (canvas-contract §5.4). */
const tellsOfPeople = /\/users(\/self)?$/;
/** Where Canvas has no picture of somebody it names one of these; the app knows them and shows initials. */
const nobodysPicture = /\/(avatar-50|dotted_pic|messages\/avatar)/;
const longest = 1500;

/**
 * Names for pictures that only we can make, each the address that Canvas gave and a keyed digest of it. A name is the
 * same each time, so that a picture put away on a tablet is found again. Canvas lets people choose any address for
 * their own picture: that it is signed says who named it, not that it is harmless (`picture-fetch.ts`).
 * @param canvasOrigin addresses without a host are on it
 */
export function createPictureAddresses(vault: Pick<Vault, 'seal'>, canvasOrigin: string): PictureAddresses {
  const sealed = (encoded: string) => vault.seal(`picture\n${encoded}`);

  function ours(text: string): string | undefined {
    const given = textOf(text);
    if (given === undefined || given === '' || !URL.canParse(given, canvasOrigin)) return undefined;
    const url = new URL(given, canvasOrigin);
    if (!mayBePicture(url, canvasOrigin) || url.href.length > longest) return undefined;
    const encoded = Buffer.from(url.href).toString('base64url');
    return `${picturePath}${encoded}.${sealed(encoded)}`;
  }

  return {
    rewrite: (route, body) =>
      tellsOfPeople.test(route)
        ? // As text, like other addresses (`rewrite.ts`): a quote inside a JSON string is escaped, so no name looks so.
          body.replace(/("avatar_url"\s*:\s*")((?:[^"\\]|\\.)*)"/g, (whole, key: string, text: string) => {
            const address = ours(text);
            return address === undefined ? whole : `${key}${address}"`;
          })
        : body,

    open(name) {
      const [encoded = '', seal, ...more] = name.split('.');
      if (seal === undefined || more.length > 0 || seal !== sealed(encoded)) return undefined;
      return new URL(Buffer.from(encoded, 'base64url').toString());
    },
  };
}

/** Over TLS, or from Canvas itself; the one rule for addresses that Canvas gave and for where redirects lead. */
export function mayBePicture(url: URL, canvasOrigin: string): boolean {
  const isPlain = url.username === '' && url.password === '' && !nobodysPicture.test(url.pathname);
  return isPlain && (url.origin === canvasOrigin || (url.protocol === 'https:' && url.port === ''));
}

/** A JSON string's content; Canvas escapes `&` (canvas-contract §1.7). */
function textOf(json: string): string | undefined {
  try {
    return JSON.parse(`"${json}"`) as string;
  } catch {
    return undefined;
  }
}
