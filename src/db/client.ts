import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { writeTasksLast } from './queue.ts';

const DEFAULT_MAX_CONNECTIONS = 10;
const MAX_PREPARED_PARAMETERS = 64;

export type Database = PostgresJsDatabase;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
/** What a query needs: the pool, or the transaction that it belongs to. */
export type Executor = Database | Transaction;

/**
 * One pool of connections. `sql` is for what drizzle cannot say (COPY, LISTEN); drizzle has set it up so that instants
 * come back as text and JSON parameters go in as text.
 */
export type DatabaseClient = {
  db: Database;
  sql: postgres.Sql;
  url: string;
  close(): Promise<void>;
};

/** Opens a pool; nothing connects before the first query. `close` lets running queries finish for 5 s. */
export function openDatabase(url: string, options: { maxConnections?: number } = {}): DatabaseClient {
  const sql = postgres(url, {
    max: options.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
    connect_timeout: 10,
    idle_timeout: 120,
    onnotice: () => undefined,
    connection: {
      application_name: 'ringmaster',
      // A transaction left open keeps dead rows alive, and every claim after it walks over them.
      idle_in_transaction_session_timeout: 60_000,
    },
  });
  const db = writeTasksLast(drizzle(prepareStatements(sql)));
  return { db, sql, url, close: () => sql.end({ timeout: 5 }) };
}

/**
 * Lets drizzle's statements be prepared once per connection, in transactions too: left alone it has the server parse
 * each one anew and waits for that answer first, which takes twice as long. Statements with many parameters (lists,
 * rows) come in too many shapes to keep.
 */
function prepareStatements<T extends postgres.Sql | postgres.TransactionSql>(sql: T): T {
  const { unsafe } = sql;
  sql.unsafe = (text, parameters = [], options = {}) => {
    const isKept = parameters.length > 0 && parameters.length <= MAX_PREPARED_PARAMETERS;
    return unsafe(text, parameters, isKept ? { ...options, prepare: true } : options);
  };
  if ('begin' in sql) prepareWithin(sql, 'begin');
  if ('savepoint' in sql) prepareWithin(sql, 'savepoint');
  return sql;
}

type Run = (inner: postgres.TransactionSql) => unknown;
type Opener = (...settingsAndRun: [...string[], Run]) => unknown;

function prepareWithin<K extends string>(sql: Record<K, unknown>, name: K): void {
  const open = sql[name] as Opener;
  const opened: Opener = (...given) => {
    const run = given.at(-1) as Run;
    const settings = given.slice(0, -1) as string[];
    return open(...settings, (inner) => run(prepareStatements(inner)));
  };
  sql[name] = opened;
}
