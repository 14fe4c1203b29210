import type { Deps } from '#operations/deps.ts';
import { listMoving } from '#operations/list-moving.ts';
import { listWatched } from '#operations/list-watched.ts';
import {
  type CampaignProgress,
  type RecentAttempt,
  readProgress,
  recentAttempts,
} from '#operations/show-progress.ts';
import { createBatchedRead, type ReadById } from './batched-read.ts';
import { CLOSE, type FeedSocket, frameOf } from './feed-socket.ts';
import { connectionAck, initialProgress, progressUpdate, writeProgress } from './messages.ts';
import { Rooms } from './rooms.ts';
import { SHOWN_EVERY_MS, Tide } from './tide.ts';
import type { Watches } from './watches.ts';

/** Somebody who watches one campaign, or all of a workspace. */
export type CampaignViewer = {
  socket: FeedSocket;
  workspaceId: number;
  topic: `campaign:${number}` | `workspace:${number}`;
  /** Whether changes of this campaign are to be sent. */
  wants(campaignId: number): boolean;
  /** What was sent of each campaign last, so that nothing is sent twice. */
  shown: Map<number, string>;
};

const DELETED = {
  code: CLOSE.notFound,
  reason: 'This campaign was deleted: there is nothing left to watch.',
};

/** How campaigns stand, in front of everybody who watches them on this process. */
export class CampaignBoard {
  readonly #deps: Deps;
  readonly #rooms: Rooms<CampaignViewer>;
  readonly #read: ReadById<CampaignProgress>;
  /** For those who watch one campaign. */
  readonly #single: Tide<CampaignProgress>;
  /** For those who watch a workspace: what changes in it goes out together, four times a second. */
  readonly #whole: Tide<CampaignProgress>;
  readonly #recent: ReadById<RecentAttempt[]>;
  /** Campaigns of watched workspaces that were not at rest when this was looked at last. */
  #moving: number[] = [];

  constructor(deps: Deps, watches: Watches) {
    this.#deps = deps;
    this.#rooms = new Rooms(watches);
    this.#read = createBatchedRead(
      async (ids) => new Map((await readProgress(deps, ids)).map((row) => [row.campaignId, row])),
    );
    const shared = { read: this.#read, log: deps.log };
    this.#single = new Tide({
      ...shared,
      show: (id, row) => {
        const viewers = this.#rooms.in(`campaign:${id}`);
        return row ? this.#show(row, viewers) : closeAll(viewers);
      },
    });
    this.#whole = new Tide({
      ...shared,
      readEveryMs: SHOWN_EVERY_MS,
      show: (id, row) =>
        row ? this.#show(row, this.#rooms.in(`workspace:${row.workspaceId}`)) : this.#tellGone(id),
    });
    this.#recent = createBatchedRead((ids) => recentAttempts(deps, ids));
  }

  /** The viewer is shown changes from now on, and has to leave in any case. Resolves once none can be missed. */
  enter(viewer: CampaignViewer): Promise<void> {
    return this.#rooms.enter(viewer.topic, viewer);
  }

  leave(viewer: CampaignViewer): void {
    this.#rooms.leave(viewer.topic, viewer);
  }

  /** How these campaigns of the viewer's workspace stand now, in this order; never older than what was shown before. */
  async read({ workspaceId }: { workspaceId: number }, campaignIds: number[]): Promise<CampaignProgress[]> {
    const rows = await this.#read(campaignIds);
    const found = campaignIds.map((id) => rows.get(id));
    return found.filter((row) => row?.workspaceId === workspaceId) as CampaignProgress[];
  }

  /** Begins with one campaign: acknowledges it and sends how it stands. False: there is no such campaign any more. */
  async introduce(viewer: CampaignViewer, campaignId: number): Promise<boolean> {
    const recent = (await this.#recent([campaignId])).get(campaignId) ?? [];
    const [row] = await this.read(viewer, [campaignId]);
    if (!row) return false;
    viewer.socket.send(connectionAck(campaignId, this.#deps.clock.now()));
    viewer.shown.set(campaignId, writeProgress(row));
    viewer.socket.sendFrame(frameOf(initialProgress(row, recent)));
    return true;
  }

  /** Sends one viewer what it is not shown yet. */
  showTo(viewer: CampaignViewer, row: CampaignProgress): void {
    this.#show(row, [viewer]);
  }

  changed(campaignId: number, workspaceId: number): void {
    if (this.#rooms.has(`campaign:${campaignId}`)) this.#single.changed([campaignId]);
    if (this.#rooms.has(`workspace:${workspaceId}`)) this.#whole.changed([campaignId]);
  }

  /** Looks at what is watched, for news that were lost: at everything, or only at what is not at rest. */
  async lookAgain(at: 'everything' | 'what moves'): Promise<void> {
    this.#single.changed(this.#rooms.ids('campaign'));
    const before = this.#moving;
    this.#moving = [];
    for (const workspaceId of this.#rooms.ids('workspace')) {
      this.#moving.push(...(await listMoving(this.#deps, { workspaceId })));
      if (at === 'everything') this.#whole.changed(await listWatched(this.#deps, { workspaceId }));
    }
    this.#whole.changed([...before, ...this.#moving]);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#single.stop(), this.#whole.stop()]);
  }

  #show(row: CampaignProgress, viewers: Iterable<CampaignViewer>): boolean {
    let isNews = false;
    const { campaignId } = row;
    const shown = writeProgress(row);
    const update = once(() => frameOf(progressUpdate(shown)));
    const initial = once(() => frameOf(initialProgress(row, [])));
    for (const viewer of viewers) {
      const before = viewer.shown.get(campaignId);
      if (before === shown || !viewer.wants(campaignId)) continue;
      viewer.shown.set(campaignId, shown);
      viewer.socket.sendFrame(before === undefined ? initial() : update());
      isNews = true;
    }
    return isNews;
  }

  #tellGone(campaignId: number): boolean {
    for (const workspaceId of this.#rooms.ids('workspace')) {
      for (const { shown, socket } of this.#rooms.in(`workspace:${workspaceId}`)) {
        if (shown.delete(campaignId)) socket.send({ type: 'campaign_deleted', campaign_id: campaignId });
      }
    }
    return true;
  }
}

function closeAll(viewers: Iterable<CampaignViewer>): boolean {
  for (const { socket } of viewers) socket.close(DELETED);
  return true;
}

/** Works something out when it is first asked for. */
function once<T>(work: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: work() };
    return made.value;
  };
}
