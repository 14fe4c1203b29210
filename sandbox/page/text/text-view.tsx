import { useMemo } from 'preact/hooks';
import { asObject, asText, wordsOf } from '#sandbox/page/json.ts';
import type { Json } from '#sandbox/page-protocol.ts';
import { Formatted, InlineNodes } from './formatted-view.tsx';
import { parseMrkdwn, parsePlain } from './mrkdwn.ts';

/** A text object: plain text as it is, mrkdwn in Slack's notation. */
export function TextView({ value }: { value: Json | undefined }) {
  const object = asObject(value);
  if (object?.type === 'mrkdwn') return <Mrkdwn text={asText(object.text)} />;
  return <InlineNodes nodes={parsePlain(wordsOf(value), object?.emoji !== false)} />;
}

export function Mrkdwn({ text }: { text: string }) {
  const paragraphs = useMemo(() => parseMrkdwn(text), [text]);
  return <Formatted paragraphs={paragraphs} />;
}
