type Waiting<Item, Answer> = {
  items: Item[];
  done: (answer: Answer) => void;
  failed: (cause: unknown) => void;
};

/**
 * Lets one batch be under way at a time, and what is asked for meanwhile go into the next, so that a burst costs a few
 * and a single one waits for nobody (performance.md §6, “natural batching”). Everybody of a batch has its answer, or its
 * failure; no answer is older than its question, nor than any answer before it.
 */
export function inBatches<Item, Answer>(
  work: (items: Item[]) => Promise<Answer>,
): (items: Item[]) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let isBusy = false;
  const drain = async () => {
    isBusy = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await answer(batch, work);
    }
    isBusy = false;
  };
  return (items) =>
    new Promise((done, failed) => {
      waiting.push({ items, done, failed });
      if (!isBusy) void drain();
    });
}

async function answer<Item, Answer>(
  batch: Waiting<Item, Answer>[],
  work: (items: Item[]) => Promise<Answer>,
): Promise<void> {
  try {
    const made = await work(batch.flatMap(({ items }) => items));
    for (const { done } of batch) done(made);
  } catch (cause) {
    for (const { failed } of batch) failed(cause);
  }
}
