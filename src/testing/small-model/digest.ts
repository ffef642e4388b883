/** Hashes a sequence of texts into 64 bits, one after the other. Quick, and good enough to tell states apart. */
export class Digest {
  private high = 0x9e3779b9;
  private low = 0x85ebca6b;

  add(text: string): this {
    let { high, low } = this;
    for (let n = 0; n < text.length; n += 1) {
      const code = text.charCodeAt(n);
      high = Math.imul(high ^ code, 0x9e3779b1);
      low = Math.imul(low ^ code, 0x5f356495);
    }
    // The end of each text counts: "ab", "c" is not "a", "bc".
    this.high = Math.imul(high ^ (low >>> 15) ^ 0x1f, 0x85ebca77);
    this.low = Math.imul(low ^ (high >>> 13) ^ 0x1f, 0xc2b2ae3d);
    return this;
  }

  toString(): string {
    return `${(this.high >>> 0).toString(36)}.${(this.low >>> 0).toString(36)}`;
  }
}
