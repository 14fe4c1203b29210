import type { Message } from './messages.ts';
import type { CarrierNumber } from './options.ts';
import { rfc2822 } from './voice/call-forms.ts';

/** A message as Twilio's API shows it. A message of a service has no segments and no sender until it is queued. */
export function messageResource(accountSid: string, message: Message): object {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: rfc2822(message.createdAt),
    date_sent: message.sentAt === null ? null : rfc2822(message.sentAt),
    date_updated: rfc2822(message.updatedAt),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: null,
    from: message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: '0',
    num_segments: message.status === 'accepted' ? '0' : String(message.segments),
    price: message.price,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

export function numberResource(accountSid: string, number: CarrierNumber, index: number): object {
  const sid = `PN${String(index + 1).padStart(32, '0')}`;
  const since = rfc2822(Date.UTC(2024, 0, 1));
  return {
    sid,
    account_sid: accountSid,
    friendly_name: number.phoneNumber,
    phone_number: number.phoneNumber,
    capabilities: { voice: number.voice, sms: number.sms, mms: false, fax: false },
    sms_url: number.smsUrl ?? '',
    sms_method: 'POST',
    sms_fallback_url: '',
    sms_fallback_method: 'POST',
    sms_application_sid: '',
    voice_url: number.voiceUrl ?? '',
    voice_method: 'POST',
    status_callback: '',
    status_callback_method: 'POST',
    origin: 'twilio',
    status: 'in-use',
    beta: false,
    api_version: '2010-04-01',
    date_created: since,
    date_updated: since,
    uri: `/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers/${sid}.json`,
  };
}

export function accountResource(accountSid: string, isTrial: boolean): object {
  const uri = `/2010-04-01/Accounts/${accountSid}`;
  return {
    sid: accountSid,
    owner_account_sid: accountSid,
    friendly_name: 'Stand-in account',
    status: 'active',
    type: isTrial ? 'Trial' : 'Full',
    date_created: rfc2822(Date.UTC(2024, 0, 1)),
    date_updated: rfc2822(Date.UTC(2024, 0, 1)),
    subresource_uris: {
      messages: `${uri}/Messages.json`,
      calls: `${uri}/Calls.json`,
      recordings: `${uri}/Recordings.json`,
      incoming_phone_numbers: `${uri}/IncomingPhoneNumbers.json`,
    },
    uri: `${uri}.json`,
  };
}
