import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { signForm } from '#sandbox/carrier/signature.ts';
import { ACCOUNT_SID, AUTH_TOKEN, OUR_NUMBERS } from '#support/carrier.ts';

export const STATUSES = ['queued', 'sent', 'delivered'] as const;

/** A text that callbacks can be about; `token` and `ref` as its attempt has them. */
export type Subject = { token: string; ref: string; to: string };

/** The callback of one status, as bytes on the wire: what is measured is the server and not the making of requests. */
export function callbackBytes(port: number, subject: Subject, status: string): Buffer {
  const path = `/twilio/status?attempt=${subject.token}`;
  const params = {
    MessageSid: subject.ref,
    SmsSid: subject.ref,
    MessageStatus: status,
    SmsStatus: status,
    AccountSid: ACCOUNT_SID,
    To: subject.to,
    From: OUR_NUMBERS.first,
    ApiVersion: '2010-04-01',
  };
  const body = new URLSearchParams(params).toString();
  const origin = `http://127.0.0.1:${port}`;
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Content-Type: application/x-www-form-urlencoded; charset=UTF-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Twilio-Signature: ${signForm(AUTH_TOKEN, origin + path, params)}`,
    'User-Agent: TwilioProxy/1.1',
    '',
    '',
  ];
  return Buffer.from(head.join('\r\n') + body);
}

/** Posts them all over so many connections, each as soon as the one before it is answered; the seconds it took. */
export async function postAll(
  port: number,
  requests: readonly Buffer[],
  connections: number,
): Promise<number> {
  const lines = await Promise.all(Array.from({ length: connections }, () => openLine(port)));
  let next = 0;
  const from = performance.now();
  await Promise.all(
    lines.map(async (line) => {
      while (next < requests.length) {
        const request = requests[next] as Buffer;
        next += 1;
        await line.post(request);
      }
    }),
  );
  const took = (performance.now() - from) / 1_000;
  for (const line of lines) line.close();
  return took;
}

/** Posts at a steady rate, whether the ones before are answered or not; how long each waited, in milliseconds. */
export async function postSteadily(
  port: number,
  requests: readonly Buffer[],
  perSecond: number,
): Promise<number[]> {
  const lines = await Promise.all(Array.from({ length: 50 }, () => openLine(port)));
  const from = performance.now();
  const waits = requests.map(async (request, index) => {
    const dueAt = from + (index / perSecond) * 1_000;
    await sleep(Math.max(0, dueAt - performance.now()));
    const line = lines[index % lines.length] as Line;
    await line.post(request);
    return performance.now() - dueAt;
  });
  const all = await Promise.all(waits);
  for (const line of lines) line.close();
  return all;
}

type Line = { post(request: Buffer): Promise<void>; close(): void };

/** One kept-alive connection that posts one request after the other; anything but a 204 is an error. */
async function openLine(port: number): Promise<Line> {
  const socket: Socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.setNoDelay(true);
  let last: Promise<unknown> = Promise.resolve();
  const post = async (request: Buffer) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const hear = (answer: Buffer) => {
      if (answer.includes('\r\n\r\n')) resolve();
      if (!answer.includes('HTTP/1.1 204')) reject(new Error(answer.toString().slice(0, 200)));
    };
    socket.once('data', hear);
    socket.write(request);
    await promise;
  };
  return {
    post: (request) => {
      const own = last.then(() => post(request));
      last = own;
      return own;
    },
    close: () => void socket.destroy(),
  };
}
