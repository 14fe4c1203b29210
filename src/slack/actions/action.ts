import type { Right } from '#domain/rights.ts';
import type { Block } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import type { FormState } from '#slack/modals/state.ts';

/** The message a button stood in; null in a modal or the home tab. Blocks are null in an ephemeral one. */
export type PressedMessage = {
  channelId: string;
  ts: string;
  threadTs: string | null;
  blocks: Block[] | null;
};

/** The view a button stood in. */
export type PressedView = {
  id: string;
  hash: string;
  name: string;
  metadata: Record<string, unknown>;
  state: FormState;
};

/** Somebody pressed a button or chose from a menu. */
export type Press = Entry & {
  /** What makes the id unique in its block, and what was chosen or carried. */
  detail: string | null;
  value: string | null;
  /** Slack's time of the press, for the order of changes. */
  at: string;
  message: PressedMessage | null;
  view: PressedView | null;
};

export type ActionHandler = {
  /** Null: it does nothing that anybody could be refused. */
  right: Right | null;
  /** `stored`: it changes something, so it is on disk before Slack is answered. `now`: it looks, or opens a modal. */
  runs: 'now' | 'stored';
  run(press: Press): Promise<void>;
};
