import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from 'kysely';

/**
 * Both databases hand 64-bit integers over as bigint. Ids become decimal strings, as the whole program
 * knows them (they exceed 2^53 and are never reckoned with); counts and times become numbers.
 */
export class IntegersPlugin implements KyselyPlugin {
  transformQuery(args: PluginTransformQueryArgs): RootOperationNode {
    return args.node;
  }

  transformResult(args: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    for (const row of args.result.rows) {
      for (const column in row) {
        const value = row[column];
        if (typeof value === 'bigint') row[column] = isIdColumn(column) ? String(value) : Number(value);
      }
    }
    return Promise.resolve(args.result);
  }
}

function isIdColumn(column: string): boolean {
  return column === 'id' || column.endsWith('_id');
}
