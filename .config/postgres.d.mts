/** The folder with `initdb` and `postgres`. */
export function findPostgres(): string | undefined;
