import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Phone, PhoneCall, PhoneCallLine } from '#sandbox/page-protocol.ts';
import { tuesdayTenMs } from './people.ts';
import { createTheatre, type Stage } from './stage.ts';

const theatre = await createTheatre();
afterEach(() => theatre.clear());
afterAll(() => theatre.close());

const number = '+12125550171';
const phone: Phone = {
  id: number,
  persona: 'ordinary',
  personaLabel: 'Ordinary',
  isOptedOut: false,
  isTaken: true,
};

const ringing: PhoneCall = {
  id: 'CA1',
  direction: 'to_contact',
  contactNumber: number,
  botNumber: '+12025550100',
  status: 'ringing',
  isTaken: true,
  answeredBy: null,
  isRecording: false,
  isConversing: false,
  lines: [],
  createdAt: tuesdayTenMs,
  answeredAt: null,
  endedAt: null,
};
const talking: PhoneCall = {
  ...ringing,
  status: 'in-progress',
  isConversing: true,
  isRecording: true,
  answeredAt: tuesdayTenMs + 5_000,
};

function line(id: number, who: PhoneCallLine['who'], text: string, change: Partial<PhoneCallLine> = {}) {
  return { id, at: tuesdayTenMs + id * 1000, who, text, isSpeaking: false, isCut: false, ...change };
}

const conversation = [
  line(1, 'carrier', 'The phone was answered.'),
  line(2, 'assistant', 'Hello, this is Alex, an automated assistant calling for Acme.', { isCut: true }),
  line(3, 'contact', 'Can you call me tomorrow at three?'),
  line(4, 'keys', '9'),
  line(5, 'assistant', 'Of course. I will call', { isSpeaking: true }),
];

function inputs({ sandbox }: Stage, verb: string) {
  return expect.poll(() => sandbox.callsOf(verb));
}

describe('a call to a phone that somebody plays', () => {
  it('rings wherever the reader is, and each button does what it says', async () => {
    const stage = await theatre.openStage({ tables: { phones: [phone], calls: [ringing] } });
    const { page, sandbox } = stage;
    const banner = page.getByTestId('ringing');
    await banner.getByText('+1 212 555 0171').waitFor();
    await banner.getByTestId('decline-call').click();
    await inputs(stage, 'decline-call').toEqual([{ callSid: 'CA1' }]);
    await banner.getByTestId('call-to-voicemail').click();
    await inputs(stage, 'send-call-to-voicemail').toEqual([{ callSid: 'CA1' }]);
    await banner.getByTestId('answer-call').click();
    await inputs(stage, 'answer-call').toEqual([{ callSid: 'CA1' }]);
    await page.getByTestId('phone-open').waitFor();
    sandbox.put('calls', talking);
    await banner.waitFor({ state: 'detached' });
  });

  it('rings for nobody while its persona answers by itself', async () => {
    const calls = [{ ...ringing, isTaken: false }];
    const { page } = await theatre.openStage({ tables: { phones: [phone], calls } });
    await page.getByTestId(`phone-${number}`).getByText('Ringing…').waitFor();
    expect(await page.getByTestId('ringing').count()).toBe(0);
  });

  it('shows what is said as it is said, and lets the person talk, press keys and hang up', async () => {
    const stage = await theatre.openStage({ tables: { phones: [phone], calls: [talking] } });
    const { page, sandbox } = stage;
    await page.getByTestId(`phone-${number}`).click();
    const panel = page.getByTestId('call-panel');
    await panel.getByText('Nobody has said anything yet.').waitFor();
    sandbox.put('calls', { ...talking, lines: conversation });
    await panel.getByText('cut off').waitFor();
    expect(await panel.getByTestId('line-contact').textContent()).toBe(
      'Contact: Can you call me tomorrow at three?',
    );
    expect(await panel.locator('.is-speaking').textContent()).toContain('Of course. I will call');
    await panel.getByTestId('say-on-call').fill('Thank you');
    await panel.getByTestId('say-on-call').press('Enter');
    await inputs(stage, 'say-on-call').toEqual([{ callSid: 'CA1', text: 'Thank you' }]);
    await panel.getByTestId('show-keys').click();
    await panel.getByTestId('key-9').click();
    await inputs(stage, 'press-key').toEqual([{ callSid: 'CA1', digit: '9' }]);
    await panel.getByTestId('hang-up').click();
    await inputs(stage, 'hang-up-call').toEqual([{ callSid: 'CA1' }]);
  });

  it('says why a word did not reach the line, and gives it back', async () => {
    const { page, sandbox } = await theatre.openStage({ tables: { phones: [phone], calls: [talking] } });
    sandbox.answer('say-on-call', () => ({ ok: false, error: 'The call has ended.' }));
    await page.getByTestId(`phone-${number}`).click();
    await page.getByTestId('say-on-call').fill('Hello?');
    await page.getByTestId('say-on-call').press('Enter');
    await page.getByText('The call has ended.').waitFor();
    expect(await page.getByTestId('say-on-call').inputValue()).toBe('Hello?');
  });
});

describe('calls of a phone', () => {
  it('stand among its texts when they are over, with what was said', async () => {
    const over: PhoneCall = {
      ...talking,
      status: 'completed',
      isConversing: false,
      answeredBy: 'human',
      lines: conversation,
      endedAt: tuesdayTenMs + 85_000,
    };
    const missed: PhoneCall = {
      ...ringing,
      id: 'CA2',
      status: 'no-answer',
      createdAt: tuesdayTenMs + 90_000,
    };
    const { page } = await theatre.openStage({ tables: { phones: [phone], calls: [over, missed] } });
    expect(await page.getByTestId('phone-count').textContent()).toBe('1 contact · 0 texts · 2 calls');
    await page.getByTestId(`phone-${number}`).getByText('Call, no answer').click();
    const card = page.getByTestId('call').first();
    await card.getByText('Call, 1 min 20 s, detected a human').waitFor();
    await card.getByText('What was said').click();
    await card.getByText('Can you call me tomorrow at three?').waitFor();
    expect(await page.getByTestId('call-panel').count()).toBe(0);
  });

  it('begin on the page too: the contact rings the bot', async () => {
    const stage = await theatre.openStage({ tables: { phones: [phone] } });
    const { page, sandbox } = stage;
    await page.getByTestId(`phone-${number}`).click();
    await page.getByTestId('call-bot').click();
    await inputs(stage, 'call-from-phone').toEqual([{ contactNumber: number, botNumber: null }]);
    sandbox.put('calls', { ...ringing, direction: 'from_contact' });
    await page.getByTestId('hang-up').waitFor();
    expect(await page.getByTestId('call-bot').isDisabled()).toBe(true);
    expect(await page.getByTestId('ringing').count()).toBe(0);
  });
});

describe('reading aloud', () => {
  it('speaks the assistant’s clauses once they are complete, and stops when somebody cuts in', async () => {
    const { page, sandbox } = await theatre.openStage({ tables: { phones: [phone] } });
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      Object.defineProperty(window, 'speechSynthesis', {
        value: {
          speak: (one: SpeechSynthesisUtterance) => heard.push(one.text),
          cancel: () => heard.push('(silence)'),
        },
      });
    });
    const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    sandbox.put('calls', talking);
    await page.getByTestId(`phone-${number}`).click();
    await page.getByTestId('read-aloud').click();
    const say = (text: string, change: Partial<PhoneCallLine>) =>
      sandbox.put('calls', { ...talking, lines: [line(1, 'assistant', text, change)] });
    say('Hello, this is', { isSpeaking: true });
    await expect.poll(heard).toEqual(['Hello, ']);
    say('Hello, this is Alex. I am', { isSpeaking: true });
    await expect.poll(heard).toEqual(['Hello, ', 'this is Alex. ']);
    say('Hello, this is Alex. I am call', { isCut: true });
    await expect.poll(heard).toEqual(['Hello, ', 'this is Alex. ', '(silence)']);
  });
});

describe('on a narrow screen', () => {
  it('a call can be answered and held', async () => {
    const { page, sandbox } = await theatre.openStage({
      width: 390,
      height: 780,
      tables: { phones: [phone], calls: [ringing] },
    });
    await page.getByTestId('answer-call').first().click();
    sandbox.put('calls', { ...talking, lines: conversation });
    await page.getByTestId('say-on-call').waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
  });
});
