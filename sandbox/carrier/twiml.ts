import { type Element, parseTwiml } from './xml.ts';

/** One text that a webhook's answer asks for; the addresses default to the conversation's. */
export type ReplyInstruction = {
  body: string;
  to: string | null;
  from: string | null;
  statusCallback: string | null;
};

/**
 * The texts in `<Response><Message>…</Message></Response>`, or a plain text answer, which the carrier sends as it is.
 * Throws when the answer is not TwiML, as Twilio reports 12100 and 12300.
 */
export function repliesIn(contentType: string, answer: string): ReplyInstruction[] {
  if (answer.trim() === '') return [];
  if (contentType.startsWith('text/plain'))
    return [{ body: answer, to: null, from: null, statusCallback: null }];
  if (!/^(text|application)\/xml|^text\/html/.test(contentType))
    throw new Error(`12300: content type ${contentType}`);
  return readMessages(answer);
}

function readMessages(xml: string): ReplyInstruction[] {
  return parseTwiml(xml)
    .children.filter(({ name }) => name === 'Message')
    .map(instructionOf);
}

function instructionOf({ attributes, text, children }: Element): ReplyInstruction {
  const bodies = children.filter(({ name }) => name === 'Body').map((body) => body.text);
  return {
    body: [text, ...bodies].join('').trim(),
    to: attributes.to ?? null,
    from: attributes.from ?? null,
    statusCallback: attributes.statusCallback ?? attributes.action ?? null,
  };
}
