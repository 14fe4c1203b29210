import { postCallback } from '#sandbox/carrier/callback-chain.ts';
import { delayIn, type Exchange, nowOf } from '#sandbox/carrier/exchange.ts';
import type { Call, RecordingSettings } from './call-book.ts';
import { recordingUrl } from './call-callbacks.ts';
import { newSid, rfc2822 } from './call-forms.ts';
import { tellCall } from './lines.ts';
import type { LiveCall } from './live-call.ts';
import { addRecording, type Recording, type RecordingStatus } from './recording-book.ts';

export function startRecording(
  exchange: Exchange,
  live: LiveCall,
  settings: RecordingSettings,
  source: Recording['source'],
): void {
  const now = nowOf(exchange);
  const recording = addRecording(exchange.recordings, settings, {
    sid: newSid('RE'),
    callSid: live.call.sid,
    status: 'in-progress',
    source,
    startedAt: now,
    updatedAt: now,
    recordedMs: 0,
    runningSince: now,
  });
  live.recordingSid = recording.sid;
  live.call.isRecording = true;
  tellCall(exchange, live.call);
  postRecordingStatus(exchange, recording);
}

/** Stops, pauses or goes on; false where the recording is in no state for it. */
export function changeRecording(exchange: Exchange, recording: Recording, wanted: RecordingStatus): boolean {
  if (!CHANGES[recording.status]?.includes(wanted)) return false;
  const now = nowOf(exchange);
  if (recording.runningSince !== null) recording.recordedMs += now - recording.runningSince;
  recording.runningSince = wanted === 'in-progress' ? now : null;
  recording.updatedAt = now;
  recording.status = wanted;
  const call = exchange.calls.bySid.get(recording.callSid);
  if (call) {
    call.isRecording = wanted === 'in-progress';
    tellCall(exchange, call);
  }
  if (wanted === 'stopped') finishLater(exchange, recording);
  return true;
}

/** The call is over: what still runs or rests is finished. */
export function endRecordingsOf(exchange: Exchange, call: Call): void {
  for (const recording of exchange.recordings.all) {
    if (recording.callSid === call.sid) changeRecording(exchange, recording, 'stopped');
  }
}

/** The file is ready. */
export function completeRecording(exchange: Exchange, sid: string): void {
  const recording = exchange.recordings.bySid.get(sid);
  if (recording?.status !== 'stopped') return;
  recording.status = recording.recordedMs > 0 || exchange.options.latency.pace === 0 ? 'completed' : 'absent';
  recording.updatedAt = nowOf(exchange);
  postRecordingStatus(exchange, recording);
}

const CHANGES: Partial<Record<RecordingStatus, RecordingStatus[]>> = {
  'in-progress': ['paused', 'stopped'],
  paused: ['in-progress', 'stopped'],
};

function finishLater(exchange: Exchange, recording: Recording): void {
  const dueAt = nowOf(exchange) + delayIn(exchange, exchange.options.latency.recording);
  exchange.agenda.add(dueAt, { kind: 'recording_ready', sid: recording.sid });
}

function postRecordingStatus(exchange: Exchange, recording: Recording): void {
  if (!recording.callback || !recording.events.includes(recording.status)) return;
  const isReady = recording.status === 'completed';
  void postCallback(exchange, {
    sid: recording.sid,
    url: recording.callback,
    params: {
      AccountSid: exchange.options.accountSid,
      CallSid: recording.callSid,
      RecordingSid: recording.sid,
      RecordingUrl: recordingUrl(exchange, recording.sid),
      RecordingStatus: recording.status,
      ...(isReady ? { RecordingDuration: String(Math.round(recording.recordedMs / 1_000)) } : {}),
      RecordingChannels: String(recording.channels),
      RecordingSource: recording.source,
      RecordingStartTime: rfc2822(recording.startedAt),
      RecordingTrack: 'both',
      ErrorCode: '0',
    },
    canBeHeld: false,
    lie: { RecordingStatus: 'absent' },
  });
}
