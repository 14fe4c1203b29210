/** Texts of people and files inside Slack's markup: shown as they are, never obeyed. */

const JOINER = '\u2060';

/** Slack's three control characters, escaped: no mention, link or date can be smuggled in (slack.md §3). */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * A name or a cell inside a sentence of ours: on one line, clipped, escaped, and with every formatting sign, `@here` and
 * `:emoji:` made inert by an invisible joiner (mrkdwn has no escape for them).
 */
export function quote(text: string, max = 120): string {
  const line = clip(text.replaceAll(/\s+/gu, ' ').trim(), max);
  const inert = line
    .replaceAll(/[*_~`]/g, (sign) => `${JOINER}${sign}${JOINER}`)
    .replaceAll(/@(?=here|channel|everyone|group)/gi, `@${JOINER}`)
    .replaceAll(/:(?=[a-z0-9_+'-]+:)/gi, `:${JOINER}`);
  return escapeText(inert);
}

/** What a person typed or pasted, without the joiners that `quote` put in. */
export function unquote(text: string): string {
  return text.replaceAll(JOINER, '');
}

/** At most `max` characters, ending in an ellipsis when something was cut; never half a character. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = Math.max(0, max - 1);
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  return `${text.slice(0, end)}…`;
}

/** At most `max` characters of markup, cut where no entity (`&amp;`, `<@U1>`) is torn. */
export function clipMarkup(markup: string, max: number): string {
  if (markup.length <= max) return markup;
  const cut = clip(markup, max).slice(0, -1);
  const whole = cut.replace(/&[a-z]{0,3}$/, '').replace(/<[^<>]*$/, '');
  return `${whole}…`;
}

/** An instant in the reader's own zone; `fallback` is for clients that cannot. */
export function localTime(at: Date, format = '{date_short_pretty} at {time}'): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `<!date^${seconds}^${format}|${at.toISOString().slice(0, 16).replace('T', ' ')} UTC>`;
}

/** A person as a mention that Slack draws as their name; `actor` is the text kept with a row (`slack:U1`, `token:7`). */
export function actorName(actor: string): string {
  const userId = /^slack:([UW][A-Z0-9]+)$/.exec(actor)?.[1];
  if (userId) return `<@${userId}>`;
  return actor.startsWith('token:') ? `the API (token ${escapeText(actor.slice(6))})` : 'Ringmaster';
}

/** 12345 → `12,345`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 contact`, `2,000 contacts`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
