import type { RecordingSettings } from './call-book.ts';

export type RecordingStatus = 'in-progress' | 'paused' | 'stopped' | 'processing' | 'completed' | 'absent';

export type Recording = {
  sid: string;
  order: number;
  callSid: string;
  status: RecordingStatus;
  source: 'StartCallRecordingTwiML' | 'OutboundAPI';
  channels: 1 | 2;
  callback: string | null;
  events: string[];
  startedAt: number;
  updatedAt: number;
  /** What has been recorded before the pause or the end. */
  recordedMs: number;
  /** Since when it runs; null while it does not. */
  runningSince: number | null;
};

export type RecordingBook = { all: Recording[]; bySid: Map<string, Recording>; count: number };

export function createRecordingBook(): RecordingBook {
  return { all: [], bySid: new Map(), count: 0 };
}

export function addRecording(
  book: RecordingBook,
  settings: RecordingSettings,
  fresh: Omit<Recording, 'order' | 'channels' | 'callback' | 'events'>,
): Recording {
  const recording = { ...fresh, ...settings, order: book.count };
  book.count += 1;
  book.all.push(recording);
  book.bySid.set(recording.sid, recording);
  return recording;
}

export function removeRecording(book: RecordingBook, sid: string): boolean {
  book.all = book.all.filter((recording) => recording.sid !== sid);
  return book.bySid.delete(sid);
}

export function recordingsOfCall(book: RecordingBook, callSid: string | null): Recording[] {
  return book.all.filter((recording) => callSid === null || recording.callSid === callSid).toReversed();
}

export function restoreRecordings(book: RecordingBook, recordings: Recording[]): void {
  book.all = recordings.map((recording) => ({ ...recording }));
  book.bySid = new Map(book.all.map((recording) => [recording.sid, recording]));
  book.count = Math.max(0, ...book.all.map(({ order }) => order + 1));
}
