/** Twilio's refusals of a create: the HTTP status and what the body says. */
const REFUSALS: Record<number, { status: number; message: string }> = {
  10004: { status: 429, message: 'Call concurrency limit exceeded' },
  20001: { status: 400, message: 'A parameter is not valid' },
  20003: { status: 401, message: 'Authenticate' },
  20404: { status: 404, message: 'The requested resource was not found' },
  20429: { status: 429, message: 'Too Many Requests' },
  20500: { status: 500, message: 'An internal server error has occurred' },
  21201: { status: 400, message: "No 'To' number is specified" },
  21205: { status: 400, message: "The 'Url' is not a valid URL" },
  21210: {
    status: 400,
    message: 'The source phone number provided is not yet verified for your account',
  },
  21211: { status: 400, message: "The 'To' number is not a valid phone number" },
  21212: {
    status: 400,
    message: "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID",
  },
  21213: { status: 400, message: "A 'From' phone number is required" },
  21214: { status: 400, message: "The 'To' phone number cannot be reached" },
  21215: {
    status: 400,
    message: 'Your account is not authorized to call this number; check its geographic permissions',
  },
  21216: { status: 400, message: 'Calls to this number are blocked' },
  21217: { status: 400, message: "The 'To' phone number does not appear to be valid" },
  21219: {
    status: 400,
    message: 'The number is unverified; trial accounts may only call verified numbers',
  },
  21220: { status: 400, message: 'Invalid call state' },
  21408: {
    status: 400,
    message: 'Permission to send an SMS has not been enabled for the region indicated by the number',
  },
  21602: { status: 400, message: 'Message body is required' },
  21603: { status: 400, message: "A 'From' phone number is required" },
  21604: { status: 400, message: "A 'To' phone number is required" },
  21606: { status: 400, message: "The 'From' number is not an SMS-capable number of this account" },
  21608: {
    status: 400,
    message: 'The number is unverified; trial accounts cannot send messages to unverified numbers',
  },
  21609: { status: 400, message: "The 'StatusCallback' URL is not a valid URL" },
  21610: { status: 400, message: 'Attempt to send to unsubscribed recipient' },
  21611: { status: 429, message: "This 'From' number has exceeded the maximum number of queued messages" },
  21612: {
    status: 400,
    message: "Message cannot be sent with the current combination of 'To' and 'From' parameters",
  },
  21614: { status: 400, message: "The 'To' number is not a valid mobile number" },
  21617: { status: 400, message: 'The concatenated message body exceeds the 1600 character limit' },
  21701: { status: 400, message: 'The Messaging Service does not exist' },
  21703: {
    status: 400,
    message: 'The Messaging Service contains no phone numbers able to send this message',
  },
  32018: { status: 400, message: 'The TwiML exceeds the maximum of 4000 characters' },
};

export type RefusalAnswer = { status: number; body: string };

export function refusalAnswer(code: number): RefusalAnswer {
  const { status, message } = REFUSALS[code] ?? { status: 400, message: 'Bad request' };
  const body = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  return { status, body: JSON.stringify(body) };
}
