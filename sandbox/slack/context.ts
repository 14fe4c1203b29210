import type { Deliver } from './delivery.ts';
import type { EventQueue } from './event-queue.ts';
import type { Faults } from './faults.ts';
import type { Feed } from './feed.ts';
import type { FileStore } from './file-store.ts';
import type { StandInOptions } from './options.ts';
import type { Sockets } from './socket-mode.ts';
import type { Tiers } from './tiers.ts';
import type { TrafficLog } from './traffic.ts';
import type { Triggers } from './triggers.ts';
import type { Uploads } from './uploads.ts';
import type { Workspace } from './workspace.ts';

/** Everything one stand-in workspace consists of; its parts are handed this and nothing global. */
export type SlackContext = {
  options: StandInOptions;
  workspace: Workspace;
  feed: Feed;
  faults: Faults;
  tiers: Tiers;
  traffic: TrafficLog;
  triggers: Triggers;
  files: FileStore;
  uploads: Uploads;
  sockets: Sockets;
  deliver: Deliver;
  events: EventQueue;
};
