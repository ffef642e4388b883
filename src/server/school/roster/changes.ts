export type Kind = 'new' | 'changed' | 'ended';
export type What = 'terms' | 'people' | 'courses' | 'sections' | 'places' | 'outcomes';

const nouns: Readonly<Record<What, string>> = {
  terms: 'terms',
  people: 'people',
  courses: 'courses',
  sections: 'sections',
  places: 'places in sections',
  outcomes: 'outcomes',
};

/** What an import does, or would do. */
export class Changes {
  readonly #counts = new Map<string, number>();
  readonly #details: string[] = [];

  add(what: What, kind: Kind | 'same', words: () => string): void {
    const key = `${what} ${kind}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (kind !== 'same') this.#details.push(`${signs[kind]} ${words()}`);
  }

  count(what: What, kind: Kind | 'same'): number {
    return this.#counts.get(`${what} ${kind}`) ?? 0;
  }

  /** One line a change. */
  details(): readonly string[] {
    return this.#details;
  }

  /** One line for each kind of thing the import knows of. */
  summary(): string[] {
    return (Object.keys(nouns) as What[]).flatMap((what) => {
      const parts = (['new', 'changed', 'ended', 'same'] as const)
        .filter((kind) => this.count(what, kind) > 0)
        .map((kind) => `${String(this.count(what, kind))} ${kind === 'same' ? 'as before' : kind}`);
      return parts.length === 0 ? [] : [`${nouns[what]}: ${parts.join(', ')}`];
    });
  }
}

const signs: Readonly<Record<Kind, string>> = { new: '+', changed: '~', ended: '-' };
