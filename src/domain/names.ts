/*
 * Names as a class list needs them. They come from every language: two words in a family name, family name
 * first, right to left, one word only, letters with marks. Nothing here guesses more than Canvas tells.
 */

/** Control characters and the invisible signs that reorder the text around them; both would garble a tile. */
const invisible = /[\p{Cc}\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]|\p{Cs}/gu;

/** One line of readable text: no control or direction-override characters, single spaces, trimmed, NFC. */
export function cleanText(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(invisible, '').replace(/ +/gu, ' ').trim().normalize('NFC');
}
