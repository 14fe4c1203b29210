/** Reads rows by their ids; those that do not exist are not in the answer. */
export type ReadById<Row> = (ids: number[]) => Promise<Map<number, Row>>;

type Waiting<Row> = {
  ids: number[];
  done: (rows: Map<number, Row>) => void;
  failed: (cause: unknown) => void;
};

/**
 * Lets one read be under way at a time, and what is asked for meanwhile go into the next: a thousand sockets that come at
 * once cost a few reads. An answer is never older than the question, nor than any answer before it.
 */
export function createBatchedRead<Row>(read: ReadById<Row>): ReadById<Row> {
  let waiting: Waiting<Row>[] = [];
  let isBusy = false;
  const drain = async () => {
    isBusy = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await answer(batch, read);
    }
    isBusy = false;
  };
  return (ids) =>
    new Promise((done, failed) => {
      waiting.push({ ids, done, failed });
      if (!isBusy) void drain();
    });
}

async function answer<Row>(batch: Waiting<Row>[], read: ReadById<Row>): Promise<void> {
  try {
    const rows = await read([...new Set(batch.flatMap(({ ids }) => ids))]);
    for (const { done } of batch) done(rows);
  } catch (cause) {
    for (const { failed } of batch) failed(cause);
  }
}
