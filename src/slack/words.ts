import { unquote } from './mrkdwn.ts';

/** What a person typed, as plain text: entities undone, links and mentions reduced to their words, invisible joiners gone. */
export function plainWords(text: string): string {
  return unquote(text)
    .replaceAll(/<(?:mailto:|tel:|https?:)[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/<(?:tel:|mailto:)?([^@#!|<>][^|<>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/[\s\u00a0]+/g, ' ')
    .trim();
}

/**
 * A phone number at the end of what was typed, and what stood before it. A campaign's number in front of it is told apart
 * when the phone number is one word of ten digits or begins with a `+` or a bracket.
 */
export function splitPhone(words: string): { rest: string; phone: string | null } {
  const numbered = /^(#?\d{1,6}) ([+(][\d\s().-]{8,}|\d{10,15})$/.exec(words);
  if (numbered?.[1] && numbered[2]) return { rest: numbered[1], phone: numbered[2] };
  const match = /(?:^|\s)(\+?\(?\d[\d\s().-]{5,}\d)$/.exec(words);
  if (!match?.[1] || match[1].replaceAll(/\D/g, '').length < 7) return { rest: words, phone: null };
  return { rest: words.slice(0, match.index).trim(), phone: match[1].trim() };
}
