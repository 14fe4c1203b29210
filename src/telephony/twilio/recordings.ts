import type { AccountContext } from 'twilio/lib/rest/api/v2010/account.js';
import type { CallTelephony } from '#ports/telephony.ts';
import { change } from './change.ts';
import { lookUp } from './look-up.ts';
import { fetchMedia, type MediaAccess } from './media.ts';
import { TwilioRefused } from './request-problem.ts';

type Recordings = Pick<CallTelephony, 'fetchRecording' | 'stopRecording' | 'deleteRecording'>;

/** Recordings of calls behind the telephony port. */
export function createRecordings(load: () => Promise<AccountContext>, access: MediaAccess): Recordings {
  return {
    fetchRecording: (recordingRef, range = null) =>
      lookUp(() => fetchMedia(access, mediaPath(access, recordingRef), range)),
    stopRecording: ({ ref, recordingRef }) =>
      change(async () => {
        await (await load()).calls(ref).recordings(recordingRef).update({ status: 'stopped' });
        return { kind: 'done' };
      }),
    deleteRecording: (recordingRef) =>
      change(async () => {
        await (await load()).recordings(recordingRef).remove().catch(unlessGone);
        return { kind: 'done' };
      }),
  };
}

function mediaPath({ accountSid }: MediaAccess, recordingRef: string): string {
  return `/2010-04-01/Accounts/${accountSid}/Recordings/${encodeURIComponent(recordingRef)}.mp3`;
}

function unlessGone(problem: unknown): void {
  if (!(problem instanceof TwilioRefused && problem.status === 404)) throw problem;
}
