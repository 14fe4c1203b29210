import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatContent } from '#ports/chat.ts';
import { checkBlocks, isBlockTextTooLong } from '#sandbox/slack/block-check.ts';
import { draw } from '#slack/blocks/draw.ts';
import type { Message } from '#slack/blocks/kit.ts';
import {
  anyContent,
  callNote,
  card,
  importProgress,
  liveTranscript,
  note,
  offer,
  replyNote,
  result,
  reviewNote,
} from './contents.ts';

const first = (content: ChatContent): Message => draw(content)[0] ?? { text: '', blocks: [] };
const flat = (content: ChatContent) => JSON.stringify(first(content).blocks);

type Pressable = {
  action_id?: string;
  text?: { text: string };
  value?: string;
  style?: string;
  confirm?: object;
};
function buttons(content: ChatContent): Pressable[] {
  return first(content).blocks.flatMap((block) =>
    block.type === 'actions' ? (block.elements as Pressable[]) : [],
  );
}
const labels = (content: ChatContent) => buttons(content).map((button) => button.text?.text ?? 'menu');

describe('every drawing', () => {
  test('stays within Slack’s limits whatever names, numbers and texts are in it', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        for (const message of draw(content)) {
          expect(checkBlocks('message', message.blocks)).toEqual([]);
          expect(isBlockTextTooLong(message.blocks as never)).toBe(false);
          expect(message.text.length).toBeLessThanOrEqual(4000);
          expect(message.text.trim()).not.toBe('');
        }
      }),
      { numRuns: 600 },
    );
  });

  test('pings nobody and links nothing that a name asks for', () => {
    const evil = '<!channel> <@U999> <https://evil.example|click> @here *bold* :wave:';
    for (const content of [
      { ...card, name: evil, hold: evil, missing: [evil], outlook: evil },
      { ...result, name: evil, reasons: [{ reason: evil, contacts: 1 }] },
      { ...importProgress, fileName: evil, campaignName: evil },
      { ...importProgress, status: 'failed', problem: evil },
      { ...replyNote, contactName: evil, body: evil },
      { ...reviewNote, cause: evil, contactName: evil },
      { ...note, text: evil },
      {
        ...callNote,
        contactName: evil,
        assistantName: evil,
        summary: evil,
        callback: evil,
        answers: { [evil]: evil },
      },
      {
        ...liveTranscript,
        contactName: evil,
        assistantName: evil,
        lines: [
          { who: 'contact', text: evil, isCut: true },
          { who: 'note', text: evil, isCut: false },
        ],
      },
      { ...offer, fileName: evil },
    ] as ChatContent[]) {
      for (const message of draw(content)) {
        expect(obeyed(message)).not.toMatch(/<!(channel|here|everyone)|<@U999|<https:|@here|\*bold\*|:wave:/);
      }
    }
  });

  test('ends with text alone, which says the whole of it', () => {
    const last = draw(card).at(-1);
    expect(last?.blocks).toEqual([]);
    expect(last?.text).toContain('Spring reminder');
    expect(last?.text).toContain('61 %, 305 of 500 contacts done');
  });

  test('is the same after its content has waited as JSON', () => {
    const contents: ChatContent[] = [
      card,
      result,
      replyNote,
      reviewNote,
      callNote,
      liveTranscript,
      importProgress,
      note,
      offer,
    ];
    for (const content of contents) expect(draw(JSON.parse(JSON.stringify(content)))).toEqual(draw(content));
  });
});

describe('the campaign card', () => {
  test('has exactly the buttons of the moves that are allowed now', () => {
    expect(labels(card)).toEqual(['Pause', 'Cancel', 'Why?', 'Export']);
    expect(labels({ ...card, status: 'paused', moves: ['resume', 'cancel'] })).toEqual([
      'Resume',
      'Cancel',
      'Edit',
      'Import contacts',
      'Why?',
      'Export',
    ]);
    expect(labels({ ...card, status: 'scheduled', moves: ['start', 'cancel'] })).toEqual([
      'Start',
      'Cancel',
      'Change schedule',
      'Unschedule',
      'Import contacts',
      'Why?',
    ]);
    expect(labels({ ...card, status: 'draft', moves: [], missing: ['A message.'] })).not.toContain(
      'Schedule…',
    );
    expect(labels({ ...card, status: 'draft', moves: ['start'] })).toEqual([
      'Start',
      'Schedule…',
      'Edit',
      'Import contacts',
      'Preview',
      'Why?',
    ]);
    expect(labels({ ...card, status: 'completed', moves: [] })).toEqual(['Why?', 'Export']);
  });

  test('asks before it cancels, and before nothing else', () => {
    const asking = buttons(card).filter(({ confirm }) => confirm);
    expect(asking.map(({ action_id }) => action_id)).toEqual(['campaign.cancel']);
  });

  test('puts the start forward only when nothing is missing', () => {
    const draft = { ...card, status: 'draft', moves: ['start'] } as const;
    const start = (missing: string[]) => buttons({ ...draft, moves: ['start'], missing })[0];
    expect(start([])).toMatchObject({ text: { text: 'Start' }, style: 'primary' });
    expect(start(['It has no contacts.'])).not.toHaveProperty('style');
  });

  test('carries the id and the version, and nothing else, in its buttons', () => {
    expect(new Set(buttons(card).map(({ value }) => value))).toEqual(new Set(['42.7']));
  });

  test('says in words why nothing moves and what is missing', () => {
    const held = flat({ ...card, hold: 'Outside hours until 09:00.', missing: ['It has no message.'] });
    expect(held).toContain('On hold: Outside hours until 09:00.');
    expect(held).toContain('Before it can start:\\n• It has no message.');
  });

  test('shows progress as squares and as numbers', () => {
    expect(flat(card)).toContain('▰▰▰▰▰▰▰▰▰▰▰▰▱▱▱▱▱▱▱▱ 61 %, 305 of 500 contacts done');
  });

  test('names whoever made it', () => {
    expect(flat(card)).toContain('created by <@UANNA>');
  });
});

describe('the result card', () => {
  test('draws a chart, then the same without it for workspaces that do not know charts', () => {
    const [withChart, without] = draw(result);
    expect(withChart?.blocks.map(({ type }) => type)).toContain('data_visualization');
    expect(without?.blocks.map(({ type }) => type)).not.toContain('data_visualization');
    expect(JSON.stringify(without?.blocks)).toContain('13:00: 120 delivered, 2 not');
  });

  test('says which costs are charged and which are an estimate', () => {
    const cost = (actual: number, estimated: number) =>
      flat({ ...result, costMicros: { actual, estimated } });
    expect(cost(2_370_000, 0)).toContain('*Cost* $2.37');
    expect(cost(0, 790_000)).toContain('about $0.79 (estimate)');
    expect(cost(2_370_000, 0)).toContain('; the estimate was $2.10 to $2.60');
    expect(cost(3_000_000, 120_000)).toContain('to $2.60, and this is 20 % above it');
    expect(cost(500_000, 700_000)).toContain('$0.50 charged, about $0.70 still to come (estimate)');
  });

  test('adds up slices of the same name', () => {
    const twice = [
      { label: '13:00', completed: 1, failed: 0 },
      { label: '13:00', completed: 2, failed: 1 },
      { label: '14:00', completed: 3, failed: 0 },
    ];
    const chart = first({ ...result, timeline: twice }).blocks.find(
      ({ type }) => type === 'data_visualization',
    );
    expect(chart).toMatchObject({ chart: { axis_config: { categories: ['13:00', '14:00'] } } });
  });
});

describe('replies and exceptions', () => {
  test('a reply can be answered or silenced for good', () => {
    expect(labels(replyNote)).toEqual(['Reply', 'Do not contact']);
    expect(buttons(replyNote)[1]?.confirm).toBeDefined();
  });

  test('an opt-out asks for nothing', () => {
    expect(labels({ ...replyNote, verdict: 'stop' })).toEqual([]);
    expect(flat({ ...replyNote, verdict: 'stop' })).toContain('do-not-call list now');
  });

  test('a near opt-out asks for a decision', () => {
    const near = { ...replyNote, verdict: 'near_stop', contactHoldId: 5 } as const;
    expect(buttons(near).map(({ action_id, value }) => [action_id, value])).toEqual([
      ['hold.suppress', '5'],
      ['hold.keep', '5'],
    ]);
  });

  test('a text of unknown fate asks for a decision and warns of a double', () => {
    expect(labels(reviewNote)).toEqual(['Retry', 'Assume done']);
    expect(JSON.stringify(buttons(reviewNote)[0]?.confirm)).toContain('they get it twice');
    const { channel: _, ...before } = reviewNote;
    expect(draw(before)).toEqual(draw(reviewNote));
    const called = { ...reviewNote, channel: 'call' } as const;
    expect(first(called).text).toContain('We cannot tell what became of the call to');
    expect(JSON.stringify(buttons(called)[0]?.confirm)).toContain('they are called twice');
  });

  test('a file is offered with the drafts it could go to', () => {
    const drafts = [{ campaignId: 7, name: 'Autumn' }];
    expect(buttons({ ...offer, drafts }).map(({ action_id }) => action_id)).toEqual([
      'file.new',
      'file.add:F1',
      'file.suppress',
    ]);
  });

  test('a note mentions the person it is about, and nobody whom its text names', () => {
    const paused = { ...note, text: 'Paused by {by}. <@U999>', by: 'UANNA' } as const;
    expect(first(paused).text).toBe('✅ Paused by <@UANNA>. &lt;@U999&gt;');
    expect(flat(paused)).toContain('{"type":"user","user_id":"UANNA"}');
    expect(flat({ ...paused, by: null })).toContain('Paused by somebody. <@U999>');
  });

  test('a note shows only buttons that somebody listens to', () => {
    const asked = { label: 'Why?', action: 'campaign.why', value: '42.7' };
    expect(labels({ ...note, buttons: [asked, { ...asked, action: 'nonsense' }] })).toEqual(['Why?']);
  });
});

describe('calls', () => {
  const calls = { live: 3, callsPlaced: 56, callsAnswered: 45, answeredSeconds: 900, voicemails: 8 };
  const called = {
    ...result,
    campaignType: 'call',
    calls,
    counts: { ...result.counts, no_answer: 12, busy: 3, voicemail: 8, failed: 0 },
  } as const;

  test('on the line now stand on the card, with a way to them while there are any', () => {
    const running = { ...card, campaignType: 'call', calls } as const;
    const words = 'On the line now 3 · Answered 45 of 56 calls · Voicemail 8';
    expect(flat(running).replaceAll('*', '')).toContain(words);
    expect(first(running).text).toContain(words);
    expect(labels(running)).toContain('Live calls');
    expect(labels({ ...running, calls: { ...calls, live: 0 } })).not.toContain('Live calls');
    expect(flat(card)).not.toContain('On the line');
  });

  test('that reached nobody can be redialed by outcome, after a question', () => {
    expect(labels(called)).toEqual(['Redial no-answers', 'menu', 'Export']);
    const [button, menu] = buttons(called);
    expect(button).toMatchObject({ value: '42.no_answer' });
    expect(JSON.stringify(button?.confirm)).toContain('Nobody is called before somebody presses Start');
    expect(menu?.confirm).toEqual(button?.confirm);
    expect(JSON.stringify(menu)).toContain('"text":"Busy (3)"');
    expect(JSON.stringify(menu)).toContain('"text":"All who were not reached (23)"');
    expect(JSON.stringify(menu)).not.toContain('Failed');
  });

  test('leave nothing to redial when everybody was reached, nor in a text campaign', () => {
    const counts = { ...called.counts, no_answer: 0, busy: 0, voicemail: 0 };
    expect(labels({ ...called, counts })).toEqual(['Export']);
    expect(labels({ ...called, campaignType: 'sms', calls: null })).toEqual(['Export']);
  });

  test('come with their own figures in the result', () => {
    const text = flat(called);
    for (const words of [
      '*Calls placed* 56',
      '*Answered* 45',
      '*Voicemail* 8',
      '*Answer rate* 80.36 %',
      '*Time on calls* 15 min 00 s',
    ]) {
      expect(text).toContain(words);
      expect(first(called).text).toContain(words.replaceAll('*', ''));
    }
    expect(text).toContain('Reached and not reached over time');
  });

  test('tell what people said, where anybody said anything', () => {
    const results = [
      { result: 'yes', calls: 12 },
      { result: 'callback', calls: 3 },
    ] as const;
    const said = { ...called, results: [...results] };
    expect(flat(said)).toContain('*Conversations* said yes: 12 · wants to be called again: 3');
    expect(first(said).text).toContain('Conversations said yes: 12 · wants to be called again: 3');
    expect(flat(called)).not.toContain('Conversations');
  });

  test('worth attention say who, what came of it, and when to call again', () => {
    const { text } = first(callNote);
    expect(text).toContain('🔔 Wants to be called again: Ann Lee (+1 555 •••-••67)');
    expect(text).toContain('Ann is interested, but was driving.');
    expect(text).toContain('plan family');
    expect(text).toContain('Call again Tuesday 24 November, 15:00 where they are');
    expect(text).toContain('Called by Maya. 1 min 34 s long. Recorded.');
    expect(labels(callNote)).toEqual(['Show call']);
  });

  test('that people make to us are told as such, and can be listened to while they last', () => {
    const inbound = { ...callNote, direction: 'inbound', result: null } as const;
    expect(first(inbound).text).toContain('📥 Call from Ann Lee');
    expect(first({ ...inbound, isLive: true }).text).toContain('🔴 Calling us now: Ann Lee');
    expect(labels({ ...inbound, isLive: true })).toEqual(['Listen in', 'Show call']);
  });

  test('on the line are shown as they are heard, with the two ways to step in', () => {
    const { text } = first(liveTranscript);
    expect(text).toBe(
      '🔴 On the line now: Maya with Ann Lee (+1 555 •••-••67)\nMaya: Good morning, this is Maya. … (interrupted)\nAnn Lee: Who is calling?\nKey 1 was pressed.',
    );
    expect(labels(liveTranscript)).toEqual(['Take over', 'Hang up']);
    expect(buttons(liveTranscript).every(({ confirm }) => confirm)).toBe(true);
    expect(flat(liveTranscript)).toContain('"accessibility_label":"Hang up: Ann Lee"');
    expect(labels({ ...liveTranscript, isLive: false })).toEqual(['Show call']);
  });

  test('that go on for long keep their last words and count what is left out', () => {
    const lines = Array.from({ length: 200 }, (_, n) => ({
      who: 'contact' as const,
      text: `line ${n} ${'x'.repeat(300)}`,
      isCut: false,
    }));
    const drawn = flat({ ...liveTranscript, lines, omitted: 5 });
    expect(drawn).toContain('line 199 ');
    expect(drawn).not.toContain('line 0 ');
    const left = Number(/(\d+) earlier lines left out/.exec(drawn)?.[1]);
    expect(left).toBe(5 + 200 - (drawn.match(/line \d+ /g) ?? []).length);
    expect(first({ ...liveTranscript, lines }).text).toContain('line 199 ');
  });

  test('on which nobody has spoken yet say so', () => {
    expect(first({ ...liveTranscript, lines: [] }).text).toContain('Nothing has been said yet.');
    expect(flat({ ...liveTranscript, lines: [], isLive: false })).toContain('Nothing was said.');
  });
});

describe('an import', () => {
  test('counts every verdict when it is done', () => {
    const text = flat(importProgress);
    for (const words of [
      '*Loaded* 500',
      '*Duplicate in the file* 4',
      '*Already in the campaign* 1',
      '*Invalid* 3',
      '*On the do-not-call list* 2',
      '3 rows: too short',
    ]) {
      expect(text).toContain(words);
    }
  });

  test('that failed says that nothing was loaded, and why', () => {
    const text = flat({
      ...importProgress,
      status: 'failed',
      problem: 'This is an Excel file. Save it as CSV.',
    });
    expect(text).toContain('Nothing was loaded');
    expect(text).toContain('Save it as CSV.');
  });
});

/** What Slack would interpret: mrkdwn objects and the fallback; plain text and rich text are shown as they are. */
function obeyed(message: Message): string {
  const found: string[] = [message.text];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('type' in value && value.type === 'mrkdwn' && 'text' in value) found.push(String(value.text));
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(message.blocks);
  return found
    .join('\n')
    .replaceAll(/<!date\^[^>]*>/g, '')
    .replaceAll('<@UANNA>', '');
}
