import type { TransferTarget } from '#domain/call.ts';

/** Somebody calls are put through to, as it is typed; `person` is what stands behind the @, or null. */
export type TypedTarget = { label: string; phoneNumber: string; person: string | null };

const EXAMPLE = 'Write one a line, like: Front desk: +14155550123 @anna';
const MENTION = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/;
const NUMBER = /^([+(]?\d[\d\s().-]{5,}\d)\s*(.*)$/;

/** Transfer targets as people type them: `Label: +14155550123 @person` a line, the person where it is somebody's own phone. */
export function parseTargets(
  text: string,
): { ok: true; targets: TypedTarget[] } | { ok: false; problem: string } {
  const targets: TypedTarget[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const target = parseLine(line.trim());
    if ('problem' in target) return { ok: false, problem: target.problem };
    if (targets.some(({ label }) => label.toLowerCase() === target.label.toLowerCase()))
      return {
        ok: false,
        problem: `“${shown(target.label)}” stands there twice. Give each one a name of its own.`,
      };
    targets.push(target);
  }
  return { ok: true, targets };
}

/** The same lines again, for the form; people by the name that Slack shows. */
export function formatTargets(
  targets: readonly TransferTarget[],
  names: ReadonlyMap<string, string>,
): string {
  return targets
    .map(({ label, phoneNumber, slackUserId }) => {
      const person = slackUserId === null ? '' : ` @${names.get(slackUserId) ?? slackUserId}`;
      return `${label}: ${phoneNumber}${person}`;
    })
    .join('\n');
}

function parseLine(line: string): TypedTarget | { problem: string } {
  const colon = line.search(/:\s*[+(]?\d/);
  const label = line.slice(0, colon).trim();
  if (colon < 0 && !/\d{5,}/.test(line))
    return { problem: `“${shown(line)}” has no phone number. ${EXAMPLE}` };
  if (colon < 0 || label === '') return { problem: `“${shown(line)}” does not say who that is. ${EXAMPLE}` };
  const [, phoneNumber, rest = ''] = NUMBER.exec(line.slice(colon + 1).trim()) ?? [];
  if (!phoneNumber) return { problem: `“${shown(line)}” has no whole phone number. ${EXAMPLE}` };
  const person = personIn(rest.trim());
  if (person === undefined)
    return { problem: `“${shown(rest)}” after the number is not understood. ${EXAMPLE}` };
  return { label, phoneNumber: phoneNumber.trim(), person };
}

function personIn(rest: string): string | null | undefined {
  if (rest === '') return null;
  const mentioned = MENTION.exec(rest)?.[1];
  if (mentioned) return mentioned;
  const name = rest.startsWith('@') ? rest.slice(1).trim() : '';
  return name || undefined;
}

function shown(text: string): string {
  return text.slice(0, 60);
}
