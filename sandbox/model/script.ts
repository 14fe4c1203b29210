/** What the stand-in model answers: words, and calls of the tools it was offered. */
export type ScriptedAnswer = { text: string; calls?: { name: string; arguments: Record<string, unknown> }[] };

/** The part of a chat request that decides the answer. */
export type ChatRequest = {
  messages: { role: string; content: string | null }[];
  toolNames: string[];
};

type Rule = { said: RegExp; answer: ScriptedAnswer };

/** A small repertoire, enough for a whole conversation; the first rule that fits what the person said last. */
const RULES: Rule[] = [
  {
    said: /\b(tomorrow|monday|call (me )?(back|later))\b/i,
    answer: {
      text: '',
      calls: [
        { name: 'schedule_callback', arguments: { local_time: 'tomorrow at three', note: 'asked for it' } },
      ],
    },
  },
  {
    said: /\b(text|message) me\b/i,
    answer: { text: '', calls: [{ name: 'send_followup_sms', arguments: { template_key: 'sms' } }] },
  },
  {
    said: /\b(take me off|never call)\b/i,
    answer: {
      text: '',
      calls: [{ name: 'mark_do_not_call', arguments: { channel: 'all', quote: 'take me off your list' } }],
    },
  },
  {
    said: /\b(manager|colleague)\b/i,
    answer: { text: '', calls: [{ name: 'transfer', arguments: { target_key: 'sales' } }] },
  },
  {
    said: /\byes\b/i,
    answer: {
      text: 'Wonderful, I have noted that. Is there anything else?',
      calls: [{ name: 'record_answer', arguments: { key: 'interested', value: 'yes' } }],
    },
  },
  {
    said: /\b(no|bye|goodbye)\b/i,
    answer: {
      text: 'Thank you for your time. Goodbye.',
      calls: [
        { name: 'end_call', arguments: { outcome: 'answered', summary: 'They had no more questions.' } },
      ],
    },
  },
];

const OTHERWISE: ScriptedAnswer = { text: 'I see. Could you tell me a little more about that?' };
const AFTER_A_TOOL: ScriptedAnswer = { text: 'That is done. Is there anything else I can do for you?' };

/** What the stand-in model says to a request; tools that were not offered are not called. */
export function answerOf({ messages, toolNames }: ChatRequest): ScriptedAnswer {
  const last = messages.at(-1);
  if (last?.role === 'tool') return AFTER_A_TOOL;
  const said = last?.role === 'user' ? (last.content ?? '') : '';
  const { text, calls = [] } = RULES.find((rule) => rule.said.test(said))?.answer ?? OTHERWISE;
  return { text, calls: calls.filter(({ name }) => toolNames.includes(name)) };
}
