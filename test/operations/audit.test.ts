import { readdirSync, readFileSync } from 'node:fs';
import { desc } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { campaignEvents } from '#db/schema.ts';
import { createDeeds } from './audit-deeds.ts';

const { engine, deeds } = await createDeeds();
const { deps } = engine;

/** What Anna does not do: the person at the other end of the line, or Slack, is the cause. */
const WITHOUT_ANNA = new Set(['disconnect-workspace', 'take-inbound-text']);

/**
 * Verbs that write no event of their own, and why that is right. A new file in `src/operations` belongs to the deeds, or
 * here under its reason; a verb that somebody's wish reaches directly has to be a deed.
 */
const EXEMPT: Record<string, string> = {
  'It only looks; the test below holds it to that.': `
    approval-facts authorize call-case campaign-summary check-channel check-campaign-fields check-token check-hours check-launch check-national-list
    check-suppression compose-call compose-text contact-move deps count-watchers draw-approval draw-campaign-card draw-result-card find-call list-moving list-watched show-talks tokens-in-force
    explain-campaign explain-contact explain-hours explain-waiting explain-workspace export-evidence export-results export-suppressions figures-of-assistants
    find-best-time find-workspace find-calls find-campaigns find-replies find-suppressions follow-suppression-import import-protocol import-rows import-source import-thread import-worker inbound-script
    follow-import export-rejects list-imports list-contacts list-executions open-file show-contact judge-contacts launch-demands launch-obstacles list-assistants list-campaigns list-campaign-records list-decisions list-live-calls list-numbers list-open-approvals list-ranges list-rates list-recordings list-roles list-suppressions
    list-test-contacts list-tokens load-call load-form-draft load-reply may-by-role metrics-history outlook own-campaign own-phone preflight preview-call
    preview-message preview-template in-batches read-abandonment read-file-head read-policy read-readiness read-workload read-spending rehearsal-contacts
    rehearse-campaign review-campaign-fields run-cost show-approval show-assistant show-audit show-call-record show-calls-of-contact show-campaign show-campaign-record show-consents
    show-law show-person show-progress show-spending show-transcript show-workspace summarize-call transcript-content upload-in-parts check-webhook-fields
    compose-deliveries list-deliveries list-webhooks own-webhook sign-delivery webhook-state`,
  'A part of other verbs, which it writes the event for; they are among the deeds.': `
    choose-assistant desk-call load-recording lock-or-refuse move-campaign note-handing-out suppress tell-call-action tell-thread void-approval
    ask-about-start tell-skipped-run record-webhook-deed`,
  'A part of a deed that writes the event itself, in the same transaction.': `
    announce-move announce-result announce begin-next-run check-approval claim-capacity judge-anew erase-traces
    settle-attempts standstill stops-by-itself write-answer write-attempts budget import-run import-rejects
    load-suppressions cancel-follow-up`,
  'The machine’s own work on attempts and calls; their rows, gate verdicts and reports are its record.': `
    act-on-verdict adopt-late-text after-dial take-requests claim-request settle-request answer-call answer-inbound call-desk call-steps claim-contacts
    delete-recordings dispatch-campaign end-attempts end-inbound-call end-stray-call end-talk event-recorder
    fetch-call-report fetch-receipt find-lost-call find-lost-text finish-call keep-placed-calls keep-recording
    look-at-attempts merge-calls merge-provider-events miss-transfer note-machine open-conversation place-attempts
    proceed-call recover requeue-waiting sweep-inbound-calls take-back-calls turn-keeper estimate-run take-due`,
  'What the person on the phone asked for; it is kept with the call, word for word, as an act of the assistant.': `
    mark-do-not-call note-complaint note-wrong-number record-answer refuse-recording run-call-act schedule-callback
    send-follow-up-text transfer-call`,
  'Moves a campaign by way of move-campaign, which writes the event.': 'start-due stop-campaigns',
  'Carries out what a deed asked for, and that deed is on record.': `
    import-contacts import-suppressions run-import send-evidence send-results send-suppressions tell-import
    tell-suppression-import remove-campaign recover-imports recover-suppression-imports`,
  'Shows what stands: messages and cards change nothing of the product.': `
    draw-transcript offer-file refresh-approval refresh-card send-post show-import take-posting-turn tell-failed-reply
    touch-transcript wake-campaign wake-thread`,
  'Keeps what Slack says of itself and of its channels, and what it delivered.': `
    ensure-workspace handle-delivery lose-channel record-delivery regain-channel rename-channel`,
  'Somebody’s own half-typed form, which nobody else sees.': 'save-form-draft',
  'Says what is being watched, so that changes of it are told of.': 'keep-watches',
  'Tells other systems what happened; the log of deliveries is its record, and switching off leaves an event.':
    'deliver-webhook notice-webhook-events settle-deliveries switch-off-webhook wake-webhook',
  'Removes what is older than it may be; nobody asks for it.': 'purge',
  'Keeps the bytes of a file until the import that was asked for with it, which is a deed, has ended.':
    'receive-upload forget-upload',
};

const exempt = new Map(
  Object.entries(EXEMPT).flatMap(([reason, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, reason] as const),
  ),
);
const verbs = readdirSync('src/operations').map((file) => file.replace(/\.ts$/, ''));
const sourceOf = (verb: string) => readFileSync(`src/operations/${verb}.ts`, 'utf8');

describe('every verb', () => {
  test('either leaves an event that this test finds, or has a reason not to', () => {
    const known = new Set([...Object.keys(deeds), ...exempt.keys()]);
    expect(verbs.filter((verb) => !known.has(verb))).toEqual([]);
    expect([...known].filter((verb) => !verbs.includes(verb))).toEqual([]);
    expect(Object.keys(deeds).filter((verb) => exempt.has(verb))).toEqual([]);
  });

  test('that is said only to look does not write', () => {
    const writers = writingFunctions();
    expect(writers.size).toBeGreaterThan(80);
    const lookers = [...exempt]
      .filter(([, reason]) => reason.startsWith('It only looks'))
      .map(([verb]) => verb);
    const caught = lookers.flatMap((verb) =>
      [...sourceOf(verb).matchAll(/import \{([^}]*)\} from '#db\//g)]
        .flatMap(([, names = '']) => names.match(/\w+/g) ?? [])
        .filter((name) => writers.has(name))
        .map((name) => `${verb} uses ${name}`),
    );
    expect(caught).toEqual([]);
  });

  test('that is told who wants it is a deed, or writes for one', () => {
    const told = verbs.filter((verb) => /\bactor\??: Actor\b/.test(sourceOf(verb)) && !deeds[verb]);
    const parts = told.filter((verb) => {
      const reason = exempt.get(verb) ?? '';
      return !/^(It only looks|A part of)/.test(reason);
    });
    expect(parts).toEqual([]);
  });
});

describe('an event with who did it follows from', () => {
  test.each(Object.entries(deeds))('%s', async (verb, { kind, run }) => {
    const before = await newest();
    await run();
    const events = (await eventsSince(before)).filter((event) => event.kind === kind);
    const by = WITHOUT_ANNA.has(verb) ? 'system' : 'slack:U_ANNA';
    expect(events.map(({ actor }) => actor)).toContain(by);
    expect(JSON.stringify(events)).not.toMatch(/\+1212555\d{4}/);
  });
});

async function newest(): Promise<number> {
  const [row] = await deps.db.select().from(campaignEvents).orderBy(desc(campaignEvents.id)).limit(1);
  return row?.id ?? 0;
}

async function eventsSince(id: number) {
  const rows = await deps.db.select().from(campaignEvents).orderBy(desc(campaignEvents.id)).limit(50);
  return rows.filter((row) => row.id > id);
}

/** The functions of `src/db` that change rows, and those that enqueue tasks. */
function writingFunctions(): Set<string> {
  const functions = readdirSync('src/db').flatMap((file) =>
    readFileSync(`src/db/${file}`, 'utf8').split(/\n(?=export (?:async )?function)/),
  );
  const writing = functions.filter((source) =>
    /\.(?:insert|update|delete)\(|\b(?:insert into|update \w+ \w* ?set|delete from|add_job)\b/.test(source),
  );
  return new Set(writing.map((source) => /^export (?:async )?function\*? ?(\w+)/.exec(source)?.[1] ?? ''));
}
