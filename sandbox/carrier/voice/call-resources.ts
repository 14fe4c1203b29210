import type { Call } from './call-book.ts';
import { durationSeconds } from './call-callbacks.ts';
import { rfc2822 } from './call-forms.ts';
import type { Recording } from './recording-book.ts';

/** A call as Twilio's API shows it: numbers as text, and no times before they came. */
export function callResource(accountSid: string, call: Call): object {
  const uri = `/2010-04-01/Accounts/${accountSid}/Calls/${call.sid}`;
  return {
    account_sid: accountSid,
    annotation: null,
    answered_by: call.answeredBy,
    api_version: '2010-04-01',
    caller_name: null,
    date_created: rfc2822(call.createdAt),
    date_updated: rfc2822(call.updatedAt),
    direction: call.direction,
    duration: call.endedAt === null ? null : String(durationSeconds(call)),
    end_time: timeOf(call.endedAt),
    forwarded_from: null,
    from: call.from,
    from_formatted: call.from,
    group_sid: null,
    parent_call_sid: call.parentCallSid,
    phone_number_sid: null,
    price: call.price,
    price_unit: 'USD',
    queue_time: String(call.queueMs),
    sid: call.sid,
    start_time: timeOf(call.startedAt),
    status: call.status,
    subresource_uris: { recordings: `${uri}/Recordings.json`, notifications: `${uri}/Notifications.json` },
    to: call.to,
    to_formatted: call.to,
    trunk_sid: null,
    uri: `${uri}.json`,
  };
}

export function recordingResource(accountSid: string, recording: Recording): object {
  const { sid, callSid, status, source, channels } = recording;
  const isOver = status === 'completed';
  return {
    sid,
    account_sid: accountSid,
    call_sid: callSid,
    conference_sid: null,
    api_version: '2010-04-01',
    channels,
    date_created: rfc2822(recording.startedAt),
    date_updated: rfc2822(recording.updatedAt),
    start_time: rfc2822(recording.startedAt),
    duration: isOver ? String(Math.round(recording.recordedMs / 1_000)) : '-1',
    encryption_details: null,
    error_code: null,
    media_url: `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Recordings/${sid}`,
    price: null,
    price_unit: 'USD',
    source,
    status: status === 'stopped' ? 'processing' : status,
    track: 'both',
    uri: `/2010-04-01/Accounts/${accountSid}/Recordings/${sid}.json`,
  };
}

function timeOf(at: number | null): string | null {
  return at === null ? null : rfc2822(at);
}
