import { acceptedCalls, acceptedTexts } from './round.ts';
import type { Stage } from './stage.ts';

const CASES_SHOWN = 5;

/** Everything the tables know about the people whom a broken promise names, and about what is still open. */
export async function gatherEvidence(stage: Stage, broken: readonly string[]): Promise<string[]> {
  const { sql } = stage.client;
  const phones = [...new Set(broken.flatMap((line) => line.match(/\+\d+/g) ?? []))].slice(0, CASES_SHOWN);
  const queries = [
    sql`select id, status, hold, run_number, started_at, resumed_at, completed_at from campaigns`,
    sql`select status, skip_reason, wait_reason, count(*)::int, min(next_attempt_at) from contacts group by 1, 2, 3`,
    sql`select id, campaign_id, state, asked_at, lease_until, look_at, empty_looks, provider_ref, provider_status
      from attempts where state <> 'ended' limit 20`,
    sql`select t.identifier as task, j.key, j.run_at, j.attempts, j.locked_at, j.last_error
      from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
      where j.attempts < j.max_attempts limit 40`,
    sql`select id, state, tries, problem, lease_until from posts where state in ('pending', 'sending') limit 10`,
    sql`select a.* from attempts a where a.phone_number = any(${phones}) order by a.id`,
    sql`select id, event, received_at, merged_at, problem from provider_events
      where event ->> 'token' in (select token from attempts where phone_number = any(${phones})) order by id`,
    sql`select k.*, s.reason from calls k left join suppressions s on s.phone_number = k.contact_number
      where k.contact_number = any(${phones}) or k.finished_at is null order by k.id limit 20`,
    sql`select t.* from call_turns t join calls k on k.id = t.call_id where k.contact_number = any(${phones})
      order by t.call_id, t.seq limit 60`,
    sql`select c.* from contacts c where c.phone_number = any(${phones}) order by c.id`,
    sql`select * from inbound_texts where from_number = any(${phones}) order by id`,
  ];
  const found = await Promise.all(queries);
  const lines = found.flatMap((rows) => [...rows.map((row) => JSON.stringify(row)), '']);
  const texts = acceptedTexts(stage).filter(({ to }) => phones.includes(to));
  const calls = acceptedCalls(stage).filter(({ to }) => phones.includes(to));
  const accepted = [...texts, ...calls].map((one) => JSON.stringify(one));
  return [`now ${stage.clock.now().toISOString()}`, ...lines, ...accepted];
}
