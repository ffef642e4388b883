import fc from 'fast-check';

/**
 * Any text a program can be handed: people's writing, plain ASCII, and UTF-16 units at random, half surrogates
 * and control characters among them. (fast-check's own `binary` unit takes seconds to set up.)
 */
export function anyText(maxLength = 30): fc.Arbitrary<string> {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength });
  return fc.oneof(
    fc.string({ unit: 'grapheme', maxLength }),
    fc.string({ unit: 'grapheme-ascii', maxLength }),
    units.map((codes) => String.fromCharCode(...codes)),
  );
}
