import type { Watches } from './watches.ts';

/** Who is in which room: everybody who watches one topic here. */
export class Rooms<Viewer> {
  readonly #watches: Watches;
  readonly #rooms = new Map<string, Set<Viewer>>();

  constructor(watches: Watches) {
    this.#watches = watches;
  }

  /** Resolves once changes of the topic are told of. The viewer is in the room at once, and has to leave it in any case. */
  async enter(topic: string, viewer: Viewer): Promise<void> {
    const room = this.#rooms.get(topic) ?? new Set();
    this.#rooms.set(topic, room.add(viewer));
    await this.#watches.enter(topic);
  }

  leave(topic: string, viewer: Viewer): void {
    const room = this.#rooms.get(topic);
    if (!room?.delete(viewer)) return;
    if (room.size === 0) this.#rooms.delete(topic);
    this.#watches.leave(topic);
  }

  in(topic: string): Iterable<Viewer> {
    return this.#rooms.get(topic) ?? [];
  }

  has(topic: string): boolean {
    return this.#rooms.has(topic);
  }

  /** The ids of the rooms of one kind: of `campaign:42`, 42. */
  ids(kind: string): number[] {
    const start = `${kind}:`;
    const topics = [...this.#rooms.keys()].filter((topic) => topic.startsWith(start));
    return topics.map((topic) => Number(topic.slice(start.length)));
  }
}
