/** What changed: a campaign, with the workspace that it belongs to, or what is said on a call and how that stands. */
export type Change =
  | { kind: 'campaign'; campaignId: number; workspaceId: number }
  | { kind: 'call'; callId: number };

/** Whoever listens is told at once, one after the other, and does its work later. */
export type ChangeListener = {
  heard(change: Change): void;
  /** From here on every change is heard. Some before it may not have been: the line was just opened, or had been lost. */
  connected(): void;
};

/**
 * News of what any process changed, as soon as it is committed: of what is being watched, and nothing else. A line that
 * breaks is opened again by itself.
 */
export type Changes = {
  /** Opens the line, and returns what closes it. Rejects when the database cannot be reached. */
  listen(listener: ChangeListener): Promise<() => Promise<void>>;
};
