import { parseArgs } from 'node:util';
import type { BenchRow } from './contact-rows.ts';

/*
 * `npm run bench` measures what speed and memory were promised for, each figure against its reference within the same
 * run, and prints a table; `-- --json` prints one object a line, `-- --only id,id` measures those. Ends with 1 when a bar
 * was missed.
 */

/** Loaded one by one: what one bench brings into the process is not there in the next one's way. */
const BENCHES: Record<string, () => Promise<BenchRow[]>> = {
  'import-rate': async () => (await import('./import.ts')).importRate(),
  'import-calm': async () => (await import('./import.ts')).importCalm(),
  'phone-exact': async () => (await import('./phone.ts')).phoneExact(),
  'dispatch-rate': async () => (await import('./dispatch-rate.ts')).dispatchRate(),
  'call-rate': async () => (await import('./call-rate.ts')).callRate(),
  'claim-flat': async () => (await import('./claim-flat.ts')).claimFlat(),
  'webhook-rate': async () => (await import('./webhook-rate.ts')).webhookRate(),
  'pause-latency': async () => (await import('./pause-latency.ts')).pauseLatency(),
  'card-staleness': async () => (await import('./card-staleness.ts')).cardStaleness(),
  'speech-latency': async () => (await import('./speech-latency.ts')).speechLatency(),
  'model-overhead': async () => (await import('./model-overhead.ts')).modelOverhead(),
  sessions: async () => (await import('./sessions.ts')).sessions(),
  'contacts-page': async () => (await import('./contacts-page.ts')).contactsPage(),
  'export-flat': async () => (await import('./export-flat.ts')).exportFlat(),
  'progress-read': async () => (await import('./progress-read.ts')).progressRead(),
  hooks: async () => (await import('./hooks.ts')).hooks(),
  'feed-latency': async () => (await import('./feed-latency.ts')).feedLatency(),
  'rest-ratio': async () => (await import('./rest-ratio.ts')).restRatio(),
  'start-cost': async () => (await import('./start-cost.ts')).startCost(),
  'idle-cost': async () => (await import('./idle-cost.ts')).idleCost(),
};

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const wanted = values.only?.split(',') ?? Object.keys(BENCHES);
const unknown = wanted.filter((id) => !(id in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`There is no ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.\n`);
  process.exit(64);
}

let hasMissed = false;
for (const id of wanted) {
  for (const row of (await BENCHES[id]?.()) ?? []) {
    hasMissed ||= !row.pass;
    process.stdout.write(`${values.json ? JSON.stringify(row) : lineOf(row)}\n`);
  }
}
process.exit(hasMissed ? 1 : 0);

function lineOf({ id, value, unit, bar, pass, detail }: BenchRow): string {
  const figure = `${value} ${unit}`.padEnd(22);
  return `${pass ? 'met   ' : 'MISSED'}  ${id.padEnd(20)} ${figure} bar ${bar.padEnd(10)} ${detail}`;
}
