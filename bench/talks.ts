import { once } from 'node:events';
import WebSocket from 'ws';
import type { CallScript } from '#domain/call.ts';
import { signForm } from '#sandbox/carrier/signature.ts';
import { CALL_SCRIPT } from '#support/call-script.ts';
import { ACCOUNT_SID, AUTH_TOKEN } from '#support/carrier.ts';
import type { BenchStage } from './stage.ts';

const SCRIPT: CallScript = { ...CALL_SCRIPT, detection: 'off', maxSeconds: 3_600 };

/** A person on one line, as the provider connects them: what they say is answered over the socket. */
export type Talker = {
  /** Says something; resolves with the milliseconds until the first words of the answer. */
  say(text: string): Promise<number>;
  hangUp(): void;
};

/**
 * People who are all on the phone with the bot at once, each having heard the greeting and the first words. Without an
 * assistant of its own a call follows the script; with one it asks the bot's model.
 */
export async function openTalks(
  stage: BenchStage,
  count: number,
  options: { hasAssistant: boolean } = { hasAssistant: false },
): Promise<Talker[]> {
  const refs = await insertCalls(stage, count);
  if (options.hasAssistant) await giveAssistant(stage);
  const talkers: Talker[] = [];
  for (let from = 0; from < refs.length; from += 25) {
    talkers.push(...(await Promise.all(refs.slice(from, from + 25).map((ref) => openTalk(stage, ref)))));
  }
  return talkers;
}

async function insertCalls({ sql, deps, campaign }: BenchStage, count: number): Promise<string[]> {
  const campaignId = await campaign({ name: `Talks ${count}`, contacts: count });
  const now = deps.clock.now().toISOString();
  const until = deps.clock.realDelay(600_000).toISOString();
  const rows = await sql<{ ref: string }[]>`
    insert into calls (token, workspace_id, campaign_id, contact_id, direction, provider, provider_ref, contact_number,
      our_number, script, session_nonce, session_nonce_until, created_at)
    select 'talk-' || c.id, p.workspace_id, p.id, c.id, 'inbound', 'twilio', 'CA' || c.id, c.phone_number, '+12025550100',
      ${JSON.stringify(SCRIPT)}::text::jsonb, 'nonce-CA' || c.id, ${until}, ${now}
    from contacts c join campaigns p on p.id = c.campaign_id where p.id = ${campaignId}
    returning provider_ref as ref`;
  return rows.map(({ ref }) => ref);
}

async function giveAssistant({ sql, deps }: BenchStage): Promise<void> {
  const now = deps.clock.now().toISOString();
  await sql`
    with made as (
      insert into assistants (workspace_id, name, voice, language, created_by, created_at, updated_at)
      select id, 'Mia', 'joanna', 'en-US', 'bench', ${now}, ${now} from workspaces returning id, workspace_id)
    update calls set assistant_id = made.id from made where made.workspace_id = calls.workspace_id`;
}

async function openTalk({ bot, deps }: BenchStage, ref: string): Promise<Talker> {
  const url = `ws://127.0.0.1:${bot.port}/twilio/relay`;
  const socket = new WebSocket(url, { headers: { 'X-Twilio-Signature': signForm(AUTH_TOKEN, url, {}) } });
  let onText: () => void = () => undefined;
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as { type: string; token?: string };
    if (frame.type === 'text' && frame.token) onText();
  });
  socket.on('error', (cause) => deps.log.error({ cause }, 'a line broke'));
  await once(socket, 'open');
  const send = (frame: object) => socket.send(JSON.stringify(frame));
  const untilText = () => new Promise<void>((done) => (onText = done));
  send({
    type: 'setup',
    sessionId: `VX${ref}`,
    callSid: ref,
    accountSid: ACCOUNT_SID,
    from: '',
    to: '',
    customParameters: { nonce: `nonce-${ref}` },
  });
  const opened = untilText();
  const speaking = (value: 'on' | 'off') => send({ type: 'info', name: 'agentSpeaking', value, ts: 0 });
  speaking('on');
  speaking('off');
  await opened;
  speaking('on');
  speaking('off');
  return {
    async say(voicePrompt) {
      const heard = untilText();
      const from = performance.now();
      send({ type: 'prompt', voicePrompt, lang: 'en-US', last: true });
      await heard;
      return performance.now() - from;
    },
    hangUp: () => socket.terminate(),
  };
}
