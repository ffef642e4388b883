import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';

/** A place in a query for a value that is given when it is asked. */
class Place {
  readonly name: PropertyKey;

  constructor(name: PropertyKey) {
    this.name = name;
  }
}

type Build<Tables, Values extends object, Row> = (db: Kysely<Tables>, places: Values) => Compilable<Row>;

/**
 * A query that is built once. Building one takes longer than SQLite takes to answer it, so what every request asks is
 * asked this way. A value may stand wherever the database takes a parameter; what changes the query itself may not.
 * @param build writes the query with places for its values
 * @returns asks the query, in a transaction or outside
 */
export function prepare<Tables, Values extends object, Row>(
  build: Build<Tables, Values, Row>,
): (db: Kysely<Tables>, values: Values) => Promise<Row[]> {
  const ask = prepareStatement(build);
  return async (db, values) => (await ask(db, values)).rows;
}

/** The same of a statement of which more is asked than its rows. */
export function prepareStatement<Tables, Values extends object, Row>(
  build: Build<Tables, Values, Row>,
): (db: Kysely<Tables>, values: Values) => Promise<QueryResult<Row>> {
  const places = new Proxy({}, { get: (_, name) => new Place(name) }) as Values;
  // By adapter, of which each opened database has one: a transaction's executor is a new one every time.
  const compiled = new WeakMap<object, CompiledQuery<Row>>();
  return (db, values) => {
    const { adapter } = db.getExecutor();
    const query = compiled.get(adapter) ?? build(db, places).compile();
    compiled.set(adapter, query);
    const parameters = query.parameters.map((one) =>
      one instanceof Place ? values[one.name as keyof Values] : one,
    );
    return db.executeQuery<Row>({ ...query, parameters });
  };
}
