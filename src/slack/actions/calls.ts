import type { ModalView } from '@slack/types';
import { Refusal } from '#domain/refusal.ts';
import { hangUpCall } from '#operations/hang-up-call.ts';
import { listenIn } from '#operations/listen-in.ts';
import { sendRecording } from '#operations/send-recording.ts';
import { takeOverCall } from '#operations/take-over-call.ts';
import { parsePageValue, parseRowId } from '#slack/action-ids.ts';
import { directChannel } from '#slack/direct-channel.ts';
import { loadCallView, openCall } from '#slack/modals/call.ts';
import { loadLiveCalls } from '#slack/modals/live-calls.ts';
import { metadataNumber } from '#slack/modals/modal.ts';
import { fillView } from '#slack/modals/open.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { ActionHandler, Press } from './action.ts';

export const showCall: ActionHandler = {
  right: 'listen',
  runs: 'now',
  run: (press) => openCall(press, callOf(press)),
};

export const turnCallPage: ActionHandler = {
  right: 'listen',
  runs: 'now',
  async run(press) {
    const wanted = parsePageValue(press.value);
    if (!wanted || press.view?.name !== 'call') return;
    await fillView(press.slack, press.view.id, () =>
      loadCallView(press, { callId: wanted.id, page: wanted.page }),
    );
  },
};

/** From then on the thread shows the conversation to everybody in the channel, so it takes somebody who may listen. */
export const listen: ActionHandler = {
  right: 'listen',
  runs: 'stored',
  async run(press) {
    const { isNew } = await listenIn(press.deps, { ...ids(press), callId: callOf(press) });
    await tell(
      press,
      isNew
        ? 'What is said appears in the campaign’s thread, as it is heard.'
        : 'What is said appears in the campaign’s thread already.',
    );
  },
};

export const hangUp: ActionHandler = {
  right: 'stop',
  runs: 'stored',
  async run(press) {
    const { sentence } = await hangUpCall(press.deps, { ...ids(press), callId: callOf(press) });
    await tell(press, sentence);
  },
};

export const takeOver: ActionHandler = {
  right: 'listen',
  runs: 'stored',
  async run(press) {
    const { sentence } = await takeOverCall(press.deps, { ...ids(press), callId: callOf(press) });
    await tell(press, sentence);
  },
};

/** The audio goes to the person who asked, never into a channel. */
export const sendMeRecording: ActionHandler = {
  right: 'listen',
  runs: 'stored',
  async run(press) {
    const recordingId = parseRowId(press.value) ?? 0;
    const place = { channelId: await directChannel(press), threadTs: null };
    const { kind, sentence } = await sendRecording(press.deps, { ...ids(press), recordingId, place });
    await tell(press, kind === 'done' ? `${sentence} It is in your direct messages with me.` : sentence);
  },
};

export const refreshCalls: ActionHandler = {
  right: 'view',
  runs: 'now',
  run: (press) => redraw(press, null),
};

/** In the modal in which it was pressed, which shows at once what has changed; elsewhere to the person alone. */
async function tell(press: Press, sentence: string): Promise<void> {
  if (drawAgain(press, sentence)) return redraw(press, sentence);
  await press.answer.privately(sentenceMessage(sentence));
}

async function redraw(press: Press, notice: string | null): Promise<void> {
  const build = drawAgain(press, notice);
  if (press.view && build) await fillView(press.slack, press.view.id, build);
}

function drawAgain(press: Press, notice: string | null): (() => Promise<ModalView>) | null {
  const { name, metadata } = press.view ?? {};
  if (!metadata) return null;
  if (name === 'calls') {
    const campaignId = metadataNumber(metadata, 'campaignId') ?? 0;
    return () => loadLiveCalls(press, { campaignId, notice });
  }
  if (name !== 'call') return null;
  const callId = metadataNumber(metadata, 'callId') ?? 0;
  return () => loadCallView(press, { callId, page: metadataNumber(metadata, 'page') ?? 0, notice });
}

function ids({ workspaceId, actor }: Press) {
  return { workspaceId, actor };
}

function callOf({ value }: Press): number {
  const callId = parseRowId(value);
  if (callId === null) throw new Refusal('call_not_found', {});
  return callId;
}
