import { inBatches } from '#operations/in-batches.ts';

/** Reads rows by their ids; those that do not exist are not in the answer. */
export type ReadById<Row> = (ids: number[]) => Promise<Map<number, Row>>;

/** Reads what many ask for at once together: a thousand sockets that come at once cost a few reads. */
export function createBatchedRead<Row>(read: ReadById<Row>): ReadById<Row> {
  return inBatches((ids: number[]) => read([...new Set(ids)]));
}
