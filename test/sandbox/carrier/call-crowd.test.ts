import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactLike, startCarrier, type TestCarrier } from '#support/carrier.ts';
import { placeCall, relayTwiml, startVoiceBot, statuses, type VoiceBot } from './voice-bot.ts';

const CALLS = 300;

let carrier: TestCarrier;
let bot: VoiceBot;
beforeEach(async () => {
  bot = await startVoiceBot();
  carrier = await startCarrier();
  bot.answers.set(
    '/answer',
    relayTwiml(bot, 'welcomeGreeting="Hello." events="speaker-events tokens-played"'),
  );
  bot.answers.set('/after', '<Response/>');
});
afterEach(async () => {
  await carrier.stop();
  await bot.close();
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a carrier without latency', () => {
  it('holds three hundred conversations at once, each with its own contact', async () => {
    const contacts = Array.from({ length: CALLS }, (_, index) => contactLike('interested', index));
    await Promise.all(contacts.map((contact) => placeCall({ bot, carrier }, contact)));
    await until(
      () =>
        bot.sessions.filter(({ frames }) => frames.some(({ type }) => type === 'prompt')).length === CALLS,
    );
    expect(carrier.snapshot().calls.filter(({ isConversing }) => isConversing)).toHaveLength(CALLS);
    bot.onFrame = (session, frame) => {
      if (frame.type === 'prompt') session.say('Go on.');
    };
    for (const session of bot.sessions) session.say('Go on.');
    await until(() => carrier.acceptedCalls().every(({ endedAt }) => endedAt !== null));
    await carrier.settled();
    const told = statuses(bot);
    for (const status of ['initiated', 'ringing', 'in-progress', 'completed'])
      expect(told.filter((one) => one === status)).toHaveLength(CALLS);
    for (const { lines } of carrier.acceptedCalls())
      expect(lines.filter(({ who }) => who === 'contact').at(-1)?.text).toBe('Thank you, bye.');
    expect(carrier.alerts()).toEqual([]);
  });
});
