import type { PhoneCall, PhoneText, Traffic } from '#sandbox/page-protocol.ts';
import type { TestCarrier } from '#support/carrier.ts';
import type { FrontDoor, Passage } from './front-door.ts';
import type { Frame } from './socket-door.ts';

/** What happens around the bots, as it happens; kills aim at it. */
export type Happening =
  | { kind: 'text_accepted'; to: string }
  | { kind: 'call_accepted'; to: string }
  | { kind: 'create_answered' }
  | { kind: 'call_create_answered' }
  | { kind: 'reply_answered'; from: string; body: string; status: number }
  | { kind: 'callback_answered'; port: number; status: number }
  | { kind: AtDoor; port: number }
  | { kind: 'heard'; port: number; callSid: string; contactNumber: string; words: string }
  | { kind: 'spoken'; port: number; callSid: string; contactNumber: string; isEnd: boolean }
  | { kind: 'slack_called'; method: string };

type AtDoor =
  | 'callback_arrived'
  | 'reply_arrived'
  | 'report_arrived'
  | 'report_answered'
  | 'instructions_asked'
  | 'instructions_answered'
  | 'verdict_arrived'
  | 'verdict_answered'
  | 'action_asked'
  | 'action_answered'
  | 'conversation_opened';

type Tell = (happening: Happening) => void;

/** Hears what the carrier takes on, and when it has answered so. */
export function listenToCarrier(carrier: TestCarrier, tell: Tell): void {
  const known = new Set<string>();
  carrier.subscribe((change) => {
    if (change.type !== 'upsert') return;
    if (change.table === 'traffic') tellAnswer(change.row as Traffic, tell);
    if (change.table !== 'texts' && change.table !== 'calls') return;
    const taken = change.row as PhoneText | PhoneCall;
    if (taken.direction !== 'to_contact' || known.has(taken.id)) return;
    known.add(taken.id);
    tell({ kind: change.table === 'texts' ? 'text_accepted' : 'call_accepted', to: taken.contactNumber });
  });
}

function tellAnswer({ title }: Traffic, tell: Tell): void {
  if (title === 'POST Messages.json') tell({ kind: 'create_answered' });
  if (title === 'POST Calls.json') tell({ kind: 'call_create_answered' });
}

const ABOUT_CALLS: [path: string, arrived: AtDoor, answered: AtDoor][] = [
  ['/twilio/voice/answer', 'instructions_asked', 'instructions_answered'],
  ['/twilio/voice/', 'action_asked', 'action_answered'],
  ['/twilio/call-status', 'report_arrived', 'report_answered'],
  ['/twilio/amd', 'verdict_arrived', 'verdict_answered'],
];

/** Hears what passes through the door in either direction. */
export function listenAtDoor(door: FrontDoor, tell: Tell): void {
  door.onPassage((passage) => {
    const { path, stage, port } = passage;
    const about = ABOUT_CALLS.find(([beginning]) => path.startsWith(beginning));
    if (about) tell({ kind: stage === 'arrived' ? about[1] : about[2], port });
    else tellOfText(passage, tell);
  });
  door.onSocket((port) => tell({ kind: 'conversation_opened', port }));
  door.onFrame((frame) => {
    if (frame.from === 'bot') tellOfSpeech(frame, tell);
    else tellOfHearing(frame, tell);
  });
}

function tellOfText({ path, body, stage, port, status }: Passage, tell: Tell): void {
  const isReply = path.startsWith('/twilio/sms');
  if (!isReply && !path.startsWith('/twilio/status')) return;
  if (stage === 'arrived') tell({ kind: isReply ? 'reply_arrived' : 'callback_arrived', port });
  else if (isReply) tell({ kind: 'reply_answered', ...textIn(body), status });
  else tell({ kind: 'callback_answered', port, status });
}

function textIn(form: string): { from: string; body: string } {
  const fields = new URLSearchParams(form);
  return { from: fields.get('From') ?? '', body: fields.get('Body') ?? '' };
}

/** The assistant has finished saying something, or ends the conversation. */
function tellOfSpeech({ content, port, callSid, contactNumber }: Frame, tell: Tell): void {
  const isEnd = content.type === 'end';
  const isSaid = content.type === 'text' && content.last === true;
  if (isEnd || isSaid) tell({ kind: 'spoken', port, callSid, contactNumber, isEnd });
}

/** What a person said to the end, or the key that they pressed. */
function tellOfHearing({ content, port, callSid, contactNumber }: Frame, tell: Tell): void {
  const isSaid = content.type === 'prompt' && content.last === true;
  if (!isSaid && content.type !== 'dtmf') return;
  tell({
    kind: 'heard',
    port,
    callSid,
    contactNumber,
    words: String(isSaid ? content.voicePrompt : content.digit),
  });
}
