import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { mayBePicture } from './picture-addresses.ts';
import { createPictureRequests, type RequestPicture } from './picture-request.ts';
import { isPublicAddress } from './public-address.ts';
import { TooLargeBodyError } from './read-text.ts';
import { LateAnswerError } from './upstream.ts';

export type PictureEnd =
  | { readonly kind: 'picture'; readonly type: string; readonly body: Buffer }
  | { readonly kind: 'none'; readonly why: NoPicture };

/** Why there is no picture: short words for the log. */
export type NoPicture =
  'address' | 'inside' | 'redirects' | 'status' | 'type' | 'too-large' | 'late' | 'no-answer';

export interface PictureFetch {
  /** @returns the picture, or why there is none; rejects never */
  readonly fetch: (url: URL) => Promise<PictureEnd>;
  close(): void;
}

/** Canvas's own picture address leads to its file store, and that may lead on once. */
const mostRedirects = 3;
/** What browsers show and what runs no script; not SVG. */
const types = /^image\/(png|jpeg|gif|webp|avif)\b/i;

/**
 * Fetches pictures from where Canvas said that they are. Anybody in Canvas may have chosen that address, so it leads to
 * Canvas or to a public address over TLS and nowhere else, not by a name, not by a redirect: what stands inside the
 * school's network is not to be asked by us.
 */
export function createPictureFetch(options: {
  readonly canvasOrigin: string;
  readonly userAgent: string;
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
  readonly request?: RequestPicture;
}): PictureFetch {
  const { canvasOrigin } = options;
  const requests = createPictureRequests({ userAgent: options.userAgent });
  const request = options.request ?? requests.request;
  const resolve = options.resolve ?? ((host: string) => lookup(host, { all: true }));

  /** One answer, or why nobody was asked. */
  async function ask(url: URL) {
    if (!mayBePicture(url, canvasOrigin)) return 'address' as const;
    const addresses = await resolve(url.hostname.replace(/^\[|\]$/g, ''));
    // Canvas itself may stand inside the school: that is where IT said it is.
    const isCanvas = url.origin === canvasOrigin;
    const isOutside = addresses.length > 0 && addresses.every(({ address }) => isPublicAddress(address));
    if (!isCanvas && !isOutside) return 'inside' as const;
    return request(url, addresses);
  }

  return {
    async fetch(given) {
      let url = given;
      try {
        for (let hop = 0; hop <= mostRedirects; hop += 1) {
          const answer = await ask(url);
          if (typeof answer === 'string') return none(answer);
          const { status, location, type, body } = answer;
          if (status === 200) {
            return types.test(type)
              ? { kind: 'picture', type: type.split(';')[0] ?? '', body }
              : none('type');
          }
          if (status < 300 || status >= 400 || location === undefined) return none('status');
          if (!URL.canParse(location, url.href)) return none('address');
          url = new URL(location, url);
        }
        return none('redirects');
      } catch (error) {
        if (error instanceof TooLargeBodyError) return none('too-large');
        return none(error instanceof LateAnswerError ? 'late' : 'no-answer');
      }
    },
    close: () => requests.close(),
  };
}

function none(why: NoPicture): PictureEnd {
  return { kind: 'none', why };
}
