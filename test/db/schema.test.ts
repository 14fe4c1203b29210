import { is } from 'drizzle-orm/entity';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { describe, expect, test } from 'vitest';
import * as apiSchema from '#db/api-schema.ts';
import * as callSchema from '#db/call-schema.ts';
import * as feedSchema from '#db/feed-schema.ts';
import * as figureSchema from '#db/figure-schema.ts';
import * as importSchema from '#db/import-schema.ts';
import * as policySchema from '#db/policy-schema.ts';
import * as schema from '#db/schema.ts';
import * as slackSchema from '#db/slack-schema.ts';
import * as uploadSchema from '#db/upload-schema.ts';
import * as webhookSchema from '#db/webhook-schema.ts';
import { createTestDatabase } from '#support/database.ts';

type Column = { type: string; isNullable: boolean; isGenerated: boolean };
type Table = Record<string, Column>;

const OURS_ALONE = ['schema_migrations'];
const { client } = await createTestDatabase();
const real = await readTables();
const declared = Object.fromEntries(
  Object.values({
    ...schema,
    ...apiSchema,
    ...callSchema,
    ...feedSchema,
    ...figureSchema,
    ...importSchema,
    ...policySchema,
    ...slackSchema,
    ...uploadSchema,
    ...webhookSchema,
  }).flatMap((value) =>
    is(value, PgTable) ? [[getTableConfig(value).name, describeTable(value)] as const] : [],
  ),
);

test('the code declares every table of the migrations, and no other', () => {
  expect(Object.keys(declared).sort()).toEqual(Object.keys(real).sort());
});

describe('the code and the migrations agree on every column of', () => {
  test.each(Object.keys(declared))('%s', (name) => {
    expect(declared[name]).toEqual(real[name]);
  });
});

function describeTable(table: PgTable): Table {
  const columns = getTableConfig(table).columns.map((column) => [
    column.name,
    {
      type: column.getSQLType().replace(/ \((\d+)\)/, '($1)'),
      isNullable: !column.notNull,
      isGenerated: column.generatedIdentity !== undefined || column.generated !== undefined,
    },
  ]);
  return Object.fromEntries(columns);
}

async function readTables(): Promise<Record<string, Table>> {
  const rows = await client.sql<(Column & { table: string; column: string })[]>`
    select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
      not a.attnotnull as "isNullable", a.attidentity <> '' or a.attgenerated <> '' as "isGenerated"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all(${OURS_ALONE})`;
  const tables: Record<string, Table> = {};
  for (const { table, column, ...rest } of rows) {
    tables[table] ??= {};
    tables[table][column] = rest;
  }
  return tables;
}
