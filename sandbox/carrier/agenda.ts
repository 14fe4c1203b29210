import type { CarrierClock } from './options.ts';

export type Appointment<Item> = { dueAt: number; item: Item };

type Entry<Item> = Appointment<Item> & { order: number };

const LONGEST_SLEEP_MS = 500;
const ITEMS_PER_TURN = 256;

/**
 * What happens later, in product time. Items are data, so that they survive a restart. It never sleeps longer than half
 * a second, so a change of speed is noticed.
 */
export class Agenda<Item> {
  readonly #clock: CarrierClock;
  readonly #perform: (item: Item) => void;
  #heap: Entry<Item>[] = [];
  #order = 0;
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  #isClosed = false;

  constructor(clock: CarrierClock, perform: (item: Item) => void) {
    this.#clock = clock;
    this.#perform = perform;
  }

  add(dueAt: number, item: Item): void {
    if (this.#isClosed) return;
    const entry = { dueAt, item, order: this.#order++ };
    rise(this.#heap, entry);
    if (this.#heap[0] === entry) this.#arm();
  }

  /** Performs everything due by now, including what that adds; returns how much it was. */
  runDue(): number {
    let performed = 0;
    for (let item = this.#takeDue(); item; item = this.#takeDue()) {
      this.#perform(item.item);
      performed += 1;
    }
    this.#arm();
    return performed;
  }

  hasDue(): boolean {
    const first = this.#heap[0];
    return first !== undefined && first.dueAt <= this.#clock.now();
  }

  appointments(): Appointment<Item>[] {
    return this.#heap
      .toSorted((a, b) => a.dueAt - b.dueAt || a.order - b.order)
      .map(({ dueAt, item }) => ({ dueAt, item }));
  }

  close(): void {
    this.#isClosed = true;
    this.#heap = [];
    this.#disarm();
  }

  #turn(): void {
    for (let count = 0; count < ITEMS_PER_TURN; count += 1) {
      const entry = this.#takeDue();
      if (!entry) break;
      this.#perform(entry.item);
    }
    this.#arm();
  }

  #takeDue(): Entry<Item> | null {
    return this.hasDue() ? sink(this.#heap) : null;
  }

  #arm(): void {
    this.#disarm();
    const first = this.#heap[0];
    if (!first || this.#isClosed || this.#clock.speed <= 0) return;
    const wait = (first.dueAt - this.#clock.now()) / this.#clock.speed;
    if (wait <= 0) {
      this.#immediate = setImmediate(() => this.#turn());
    } else {
      this.#timer = setTimeout(() => this.#turn(), Math.min(Math.ceil(wait), LONGEST_SLEEP_MS));
    }
  }

  #disarm(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#immediate) clearImmediate(this.#immediate);
    this.#timer = null;
    this.#immediate = null;
  }
}

function isBefore<Item>(a: Entry<Item>, b: Entry<Item>): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order);
}

function rise<Item>(heap: Entry<Item>[], entry: Entry<Item>): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (!parent || !isBefore(entry, parent)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = entry;
}

function sink<Item>(heap: Entry<Item>[]): Entry<Item> | null {
  const first = heap[0];
  const last = heap.pop();
  if (!first || !last) return null;
  if (heap.length === 0) return first;
  let index = 0;
  for (;;) {
    const childIndex = smallerChild(heap, index);
    const child = heap[childIndex];
    if (!child || !isBefore(child, last)) break;
    heap[index] = child;
    index = childIndex;
  }
  heap[index] = last;
  return first;
}

function smallerChild<Item>(heap: Entry<Item>[], index: number): number {
  const left = heap[2 * index + 1];
  const right = heap[2 * index + 2];
  return left && right && isBefore(right, left) ? 2 * index + 2 : 2 * index + 1;
}
