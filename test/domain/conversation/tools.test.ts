import { describe, expect, it } from 'vitest';
import { type Conversation, resultOf, summaryOf } from '#domain/conversation/result.ts';
import { readToolUse, toolsFor } from '#domain/conversation/tools.ts';

const NOBODY = { transferTargets: [], hasFollowUpText: false, canCallBack: true };
const SOMEBODY = {
  transferTargets: [{ key: 'sales', label: 'Sales' }],
  hasFollowUpText: true,
  canCallBack: true,
};

describe('the tools of a model', () => {
  it('are only those that lead somewhere on this call', () => {
    expect(toolsFor(NOBODY).map(({ name }) => name)).toEqual([
      'end_call',
      'mark_do_not_call',
      'schedule_callback',
      'record_answer',
    ]);
    expect(toolsFor(SOMEBODY).map(({ name }) => name)).toContain('transfer');
    expect(JSON.stringify(toolsFor(SOMEBODY))).not.toMatch(/\+\d/);
  });

  it.each([
    ['mark_do_not_call', '{"channel":"all","quote":"leave me"}', { channel: 'all', quote: 'leave me' }],
    ['schedule_callback', '{"local_time":"2026-11-25T15:00"}', { local_time: '2026-11-25T15:00' }],
    ['record_answer', '{"key":"size","value":42,"else":"ignored"}', { key: 'size', value: '42' }],
    ['transfer', '{"target_key":"sales"}', { target_key: 'sales' }],
  ])('%s is read', (name, json, expected) => {
    expect(readToolUse(name, json, SOMEBODY)).toEqual({ ok: true, tool: name, arguments: expected });
  });

  it.each([
    ['mark_do_not_call', '{"channel":"none","quote":"x"}', 'must be one of'],
    ['mark_do_not_call', '{"channel":"all"}', '“quote” is missing'],
    ['record_answer', '{"key":{"a":1},"value":"x"}', 'must be a text'],
    ['record_answer', '[]', 'not a JSON object'],
    ['record_answer', 'nonsense', 'not a JSON object'],
    ['note_machine', '{}', 'There is no tool'],
    ['constructor', '{}', 'There is no tool'],
  ])('%s with %s is refused', (name, json, problem) => {
    expect(readToolUse(name, json, SOMEBODY)).toMatchObject({
      ok: false,
      problem: expect.stringContaining(problem),
    });
  });

  it('a transfer to nobody is no tool', () => {
    expect(readToolUse('transfer', '{"target_key":"sales"}', NOBODY).ok).toBe(false);
  });
});

const QUIET: Conversation = {
  acts: [],
  turns: [],
  hasSpoken: false,
  isMachine: false,
  voicemailLeft: false,
  hasCallback: false,
  transferLabel: null,
  answers: {},
};
const act = (tool: Conversation['acts'][number]['tool'], given: Record<string, unknown> = {}) => ({
  tool,
  arguments: given,
});

describe('what came of a call', () => {
  it.each<[string, Partial<Conversation>, string | null]>([
    ['nothing where nobody was reached', {}, null],
    ['silence where nobody spoke', { turns: [{ role: 'assistant', text: 'Hello' }] }, 'silent'],
    ['a voicemail', { isMachine: true, turns: [{ role: 'assistant', text: 'Hello' }] }, 'voicemail'],
    ['a talk', { hasSpoken: true, turns: [{ role: 'contact', text: 'Hm' }] }, 'answered'],
    ['a yes', { hasSpoken: true, acts: [act('end_call', { outcome: 'yes' })] }, 'yes'],
    [
      'a callback before a yes',
      { hasSpoken: true, hasCallback: true, acts: [act('end_call', { outcome: 'yes' })] },
      'callback',
    ],
    [
      'an opt-out before all',
      {
        hasSpoken: true,
        hasCallback: true,
        transferLabel: 'Sales',
        acts: [act('note_complaint'), act('mark_do_not_call')],
      },
      'opted_out',
    ],
    [
      'a complaint before a transfer',
      { hasSpoken: true, transferLabel: 'Sales', acts: [act('note_complaint')] },
      'complaint',
    ],
  ])('is %s', (_, known, expected) => expect(resultOf({ ...QUIET, ...known })).toBe(expected));

  it('is summed up in their own words where a model must not gloss over it', () => {
    const conversation = {
      ...QUIET,
      acts: [
        act('mark_do_not_call', { quote: 'leave me be' }),
        act('end_call', { outcome: 'answered', summary: 'A pleasant chat.' }),
      ],
    };
    expect(summaryOf(conversation, 'opted_out')).toBe('Asked not to be contacted again: “leave me be”.');
    expect(summaryOf(conversation, 'answered')).toBe('A pleasant chat.');
  });

  it('says so when they asked for a person and nobody took the call', () => {
    const conversation = { ...QUIET, hasSpoken: true, acts: [act('transfer', { target_key: 'sales' })] };
    expect(summaryOf(conversation, resultOf(conversation))).toBe(
      'Asked for a person, and nobody could take the call.',
    );
  });

  it('is shortened where somebody talked at length', () => {
    const text = 'word '.repeat(200);
    const summary = summaryOf({ ...QUIET, hasSpoken: true, turns: [{ role: 'contact', text }] }, 'answered');
    expect(summary?.length).toBeLessThan(220);
  });
});
