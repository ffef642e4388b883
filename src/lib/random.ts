/** Chance, as a parameter, so that a simulation can be replayed. */
export interface Random {
  uuid(): string;
  /** 0 ≤ n < 1. */
  fraction(): number;
}

export const systemRandom: Random = {
  uuid: () => crypto.randomUUID(),
  fraction: () => Math.random(),
};
