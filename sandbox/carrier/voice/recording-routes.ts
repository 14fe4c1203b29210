import type { Hono } from 'hono';
import type { Exchange } from '#sandbox/carrier/exchange.ts';
import { strikes } from '#sandbox/carrier/faults.ts';
import { pageEnvelope, pageRequestOf } from '#sandbox/carrier/list-page.ts';
import { answer, lookUp, type RestContext, refuse } from '#sandbox/carrier/rest-answers.ts';
import type { RestEnv } from '#sandbox/carrier/rest-env.ts';
import { recordingResource } from './call-resources.ts';
import { type Recording, type RecordingStatus, recordingsOfCall, removeRecording } from './recording-book.ts';
import { mp3Of, wavOf } from './recording-media.ts';
import { changeRecording } from './recordings.ts';

const FORMATS = {
  wav: { type: 'audio/x-wav', make: wavOf },
  mp3: { type: 'audio/mpeg', make: mp3Of },
} as const;

const WANTED: Record<string, RecordingStatus> = {
  stopped: 'stopped',
  paused: 'paused',
  'in-progress': 'in-progress',
};

export function addRecordingRoutes(app: Hono<RestEnv>, exchange: Exchange): void {
  const account = `/Accounts/${exchange.options.accountSid}`;
  const ofCall = `${account}/Calls/:callSid{CA[0-9a-f]+}/Recordings`;
  app.get(`${account}/Recordings.json`, (c) => lookUp(exchange, c, listRecordings));
  app.get(`${ofCall}.json`, (c) => lookUp(exchange, c, listRecordings));
  for (const prefix of [`${account}/Recordings`, ofCall]) {
    app.get(`${prefix}/:file{RE[0-9a-f]+\\.json}`, (c) => lookUp(exchange, c, showRecording));
    app.get(`${prefix}/:file{RE[0-9a-f]+(\\.(mp3|wav))?}`, (c) => sendMedia(exchange, c));
    app.delete(`${prefix}/:file{RE[0-9a-f]+\\.json}`, (c) => deleteRecording(exchange, c));
  }
  app.post(`${ofCall}/:file{(RE[0-9a-f]+|Twilio\\.CURRENT)\\.json}`, (c) => updateRecording(exchange, c));
}

function listRecordings(exchange: Exchange, c: RestContext): object {
  const query = new URL(c.req.url).searchParams;
  const page = pageRequestOf(query);
  const callSid = c.req.param('callSid') ?? query.get('CallSid');
  const all = recordingsOfCall(exchange.recordings, callSid || null);
  const start = page.after === null ? 0 : all.findIndex(({ sid }) => sid === page.after) + 1;
  const shown = all.slice(start, start + page.size);
  const lastSid = all.length > start + page.size ? (shown.at(-1)?.sid ?? null) : null;
  return {
    ...pageEnvelope(c.req.path, query, page, shown.length, lastSid),
    recordings: shown.map((recording) => recordingResource(exchange.options.accountSid, recording)),
  };
}

function showRecording(exchange: Exchange, c: RestContext): object | null {
  const recording = recordingIn(exchange, c);
  return recording ? recordingResource(exchange.options.accountSid, recording) : null;
}

/** Without an ending in the address it is the WAV file, as Twilio answers. */
function sendMedia(exchange: Exchange, c: RestContext): Response {
  const recording = recordingIn(exchange, c);
  if (strikes(exchange.faults, 'lookups_failing')) return refuse(c, 20500);
  if (recording?.status !== 'completed') return refuse(c, 20404);
  const { type, make } = FORMATS[c.req.param('file')?.endsWith('.mp3') ? 'mp3' : 'wav'];
  const media = make(recording.recordedMs, recording.channels);
  c.set('answer', `${media.length} bytes of ${type}`);
  c.header('Content-Type', type);
  c.header('Content-Length', String(media.length));
  return c.body(new Uint8Array(media));
}

function deleteRecording(exchange: Exchange, c: RestContext): Response {
  const recording = recordingIn(exchange, c);
  if (!recording || recording.status === 'in-progress') return refuse(c, recording ? 20001 : 20404);
  removeRecording(exchange.recordings, recording.sid);
  c.set('answer', '');
  return c.body(null, 204);
}

/** `Twilio.CURRENT` is the recording that runs on this call. */
async function updateRecording(exchange: Exchange, c: RestContext): Promise<Response> {
  const wanted = WANTED[new URLSearchParams(await c.req.text()).get('Status') ?? ''];
  const recording = recordingIn(exchange, c);
  if (!wanted) return refuse(c, 20001);
  if (!recording || recording.callSid !== c.req.param('callSid')) return refuse(c, 20404);
  if (!changeRecording(exchange, recording, wanted)) return refuse(c, 21220);
  return answer(c, 200, JSON.stringify(recordingResource(exchange.options.accountSid, recording)));
}

function recordingIn(exchange: Exchange, c: RestContext): Recording | null {
  const sid = c.req.param('file')?.replace(/\.(json|mp3|wav)$/, '') ?? '';
  if (sid !== 'Twilio.CURRENT') return exchange.recordings.bySid.get(sid) ?? null;
  const onCall = recordingsOfCall(exchange.recordings, c.req.param('callSid') ?? '');
  return onCall.find(({ status }) => status === 'in-progress' || status === 'paused') ?? null;
}
