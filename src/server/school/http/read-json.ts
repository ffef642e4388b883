/*
 * JSON.parse rounds integers beyond 2^53, and ids are 64-bit. Canvas reads them exactly, so such an integer
 * is put into quotes before parsing: every place that takes an id takes it as a string too.
 */

/** @throws SyntaxError as JSON.parse does */
export function readJson(text: string): unknown {
  return JSON.parse(/\d{16}/.test(text) ? quoteLongIntegers(text) : text);
}

function quoteLongIntegers(text: string): string {
  const pieces: string[] = [];
  let taken = 0;
  let at = 0;
  while (at < text.length) {
    const character = text.charCodeAt(at);
    if (character === quote) {
      at = endOfString(text, at);
    } else if (isDigit(character) || character === minus) {
      const end = endOfNumber(text, at);
      const number = text.slice(at, end);
      if (/^-?[1-9]\d{15,}$/.test(number) && !Number.isSafeInteger(Number(number))) {
        pieces.push(text.slice(taken, at), '"', number, '"');
        taken = end;
      }
      at = end;
    } else {
      at += 1;
    }
  }
  pieces.push(text.slice(taken));
  return pieces.join('');
}

const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;

function isDigit(character: number): boolean {
  return character >= 0x30 && character <= 0x39;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const character = text.charCodeAt(at);
    if (character === quote) return at + 1;
    at += character === backslash ? 2 : 1;
  }
  return at;
}

/** A number with its fraction and exponent, so that `1e16` and `0.1234567890123456` are left alone. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && /[\d.eE+-]/.test(text.charAt(at))) at += 1;
  return at;
}
