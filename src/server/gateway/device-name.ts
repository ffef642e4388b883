const devices: readonly (readonly [RegExp, string])[] = [
  [/iPad/, 'iPad'],
  [/iPhone/, 'iPhone'],
  [/CrOS/, 'Chromebook'],
  [/Android/, 'Android'],
  // An iPad says that it is a Mac unless asked for the mobile page.
  [/Macintosh/, 'iPad or Mac'],
  [/Windows/, 'Windows'],
  [/Linux/, 'Linux'],
];

const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

/** What a browser says it is, in words its owner knows: `iPad, Safari`. Nothing of the text itself is kept. */
export function deviceName(userAgent: string | null): string {
  const of = (list: typeof devices) => list.find(([sign]) => sign.test(userAgent ?? ''))?.[1];
  const device = of(devices) ?? 'Unknown device';
  const browser = of(browsers);
  return browser === undefined ? device : `${device}, ${browser}`;
}
