import type { Compilable, CompiledQuery, Kysely } from 'kysely';

/** A place in a query for a value that is given when it is asked. */
class Place {
  readonly name: PropertyKey;

  constructor(name: PropertyKey) {
    this.name = name;
  }
}

/**
 * A query that is built once. Building one takes longer than SQLite takes to answer it, so what every request asks is
 * asked this way. A value may stand wherever the database takes a parameter; what changes the query itself may not.
 * @param build writes the query with places for its values
 * @returns asks the query, in a transaction or outside
 */
export function prepare<Tables, Values extends object, Row>(
  build: (db: Kysely<Tables>, places: Values) => Compilable<Row>,
): (db: Kysely<Tables>, values: Values) => Promise<Row[]> {
  const places = new Proxy({}, { get: (_, name) => new Place(name) }) as Values;
  // By adapter, of which each opened database has one: a transaction's executor is a new one every time.
  const compiled = new WeakMap<object, CompiledQuery<Row>>();
  return async (db, values) => {
    const { adapter } = db.getExecutor();
    const query = compiled.get(adapter) ?? build(db, places).compile();
    compiled.set(adapter, query);
    const parameters = query.parameters.map((one) =>
      one instanceof Place ? values[one.name as keyof Values] : one,
    );
    return (await db.executeQuery<Row>({ ...query, parameters })).rows;
  };
}
