/** Events to the bot: enveloped, delivered in the background, repeated three times when not taken (slack.md §1.3). */

import type { JsonObject } from '#sandbox/page-protocol.ts';
import { createBackground } from './background.ts';
import { isObject } from './block-schema.ts';
import type { Deliver, Delivered, Retry } from './delivery.ts';
import type { Faults } from './faults.ts';
import { newId } from './ids.ts';
import type { StandInOptions } from './options.ts';
import type { Workspace } from './workspace.ts';

/** What the envelope says beside the event itself. */
export type EventScope = { isExtShared?: boolean; teamId?: string };

export type EventQueue = {
  send(event: JsonObject, scope?: EventScope): void;
  /** Resolves when no delivery is under way; repetitions that wait their minutes do not count. */
  settled(): Promise<void>;
  close(): void;
};

type Parts = { options: StandInOptions; workspace: Workspace; faults: Faults; deliver: Deliver };

export function createEventQueue({ options, workspace, faults, deliver }: Parts): EventQueue {
  const background = createBackground();
  let lateCount = 0;

  return {
    send(event, scope = {}) {
      if (!options.subscribedEvents.includes(subscription(event)) || faults.isOn('slack-uninstall')) return;
      const envelope = wrap(options, workspace, event, scope);
      const delayMs = lateness();
      const copies = faults.strikes('slack-duplicate-events') ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) background.after(delayMs, () => attempt(envelope, 0));
    },
    settled: background.settled,
    close: background.close,
  };

  /** Every other event waits, so each pair changes places. */
  function lateness(): number {
    if (!faults.strikes('slack-late-events')) return 0;
    lateCount += 1;
    return lateCount % 2 === 1 ? options.lateEventMs : 0;
  }

  async function attempt(envelope: JsonObject, num: number, retry?: Retry): Promise<void> {
    const title = `event ${isObject(envelope.event) ? subscription(envelope.event) : ''}`;
    const delivered = await deliver({ kind: 'event', title, payload: envelope, ...(retry && { retry }) });
    const reason = failure(delivered);
    const delayMs = options.eventRetryDelaysMs[num];
    if (reason === null || delayMs === undefined) return;
    background.after(delayMs, () => attempt(envelope, num + 1, { num: num + 1, reason }));
  }
}

function wrap(
  options: StandInOptions,
  { team, app }: Workspace,
  event: JsonObject,
  scope: EventScope,
): JsonObject {
  return {
    token: options.verificationToken,
    team_id: scope.teamId ?? team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: newId('Ev'),
    event_time: Math.floor(options.clock.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team.id,
        user_id: app.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: scope.isExtShared ?? false,
    event_context: newId('4-'),
  };
}

function subscription(event: JsonObject): string {
  return event.type === 'message' ? `message.${String(event.channel_type)}` : String(event.type);
}

/** Why the delivery counts as failed; null when it was taken, or refused for good with `x-slack-no-retry`. */
function failure(delivered: Delivered): string | null {
  if (delivered.outcome === 'failed') return delivered.reason;
  const { status, isFinal } = delivered;
  if ((status >= 200 && status < 300) || isFinal) return null;
  return status >= 300 && status < 400 ? 'too_many_redirects' : 'http_error';
}
