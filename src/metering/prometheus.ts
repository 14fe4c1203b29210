import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Histogram from 'prom-client/lib/histogram.js';
import Registry from 'prom-client/lib/registry.js';
import type { Meters, Workload } from '#ports/meters.ts';

/** What is looked at when somebody asks for the figures. `workload` is null while the database cannot be asked. */
export type Looked = { workload: Workload | null; openSockets: number };

export type Metering = {
  meters: Meters;
  contentType: string;
  /** Everything counted in this process so far, and what was looked at, in Prometheus' text format. */
  write(looked: Looked): Promise<string>;
};

/** From a quick answer of a nearby server to the deadline of a carrier. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Counts one process, in a registry of its own: several may live in one test. */
export function createMetering(): Metering {
  const registry = new Registry();
  const registers = [registry];
  const attempts = new Counter({
    name: 'ringmaster_attempts_total',
    help: 'Calls and texts that ended, by channel and outcome.',
    labelNames: ['channel', 'outcome'],
    registers,
  });
  const provider = new Histogram({
    name: 'ringmaster_provider_request_seconds',
    help: 'How long the carrier took to answer a request.',
    labelNames: ['request', 'result'],
    buckets: SECONDS,
    registers,
  });
  const throttled = new Counter({
    name: 'ringmaster_slack_throttled_total',
    help: 'Calls that Slack answered with 429.',
    registers,
  });
  const requests = new Histogram({
    name: 'ringmaster_http_request_seconds',
    help: 'Requests answered, by the pattern of their address and the status of the answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const look = createGauges(registers);
  return {
    meters: {
      attemptEnded: (channel, outcome) => attempts.inc({ channel, outcome }),
      providerAsked: ({ seconds, ...labels }) => provider.observe(labels, seconds),
      slackThrottled: () => throttled.inc(),
      requestAnswered: ({ method, route, status, seconds }) =>
        requests.observe({ method: METHODS.includes(method) ? method : 'other', route, status }, seconds),
    },
    contentType: registry.contentType,
    write(looked) {
      look(looked);
      return registry.metrics();
    },
  };
}

/** What is looked at and not counted; nothing is said of a database that cannot be asked, but that. */
function createGauges(registers: Registry[]): (looked: Looked) => void {
  const gauge = (name: string, help: string) => new Gauge({ name: `ringmaster_${name}`, help, registers });
  const database = gauge('database_up', 'Whether the database answers.');
  const sockets = gauge('open_sockets', 'WebSockets of this process that are open.');
  const started = gauge('process_start_time_seconds', 'When this process started, in seconds since 1970.');
  const memory = gauge('process_resident_memory_bytes', 'Memory that this process holds.');
  const cpu = new Counter({
    name: 'ringmaster_process_cpu_seconds_total',
    help: 'Processor time that this process has used.',
    registers,
  });
  const tasks = new Gauge({
    name: 'ringmaster_tasks',
    help: 'Background tasks: due now, due later, given up after too many tries.',
    labelNames: ['state'],
    registers,
  });
  const age = gauge('oldest_due_task_seconds', 'How long the oldest due task has waited for a worker.');
  const running = gauge('running_campaigns', 'Campaigns that are running, of every workspace.');
  started.set(Date.now() / 1_000 - process.uptime());
  return ({ workload, openSockets }) => {
    sockets.set(openSockets);
    memory.set(process.memoryUsage.rss());
    const { user, system } = process.cpuUsage();
    cpu.reset();
    cpu.inc((user + system) / 1_000_000);
    database.set(Number(workload !== null));
    for (const known of [tasks, age, running]) known.reset();
    if (!workload) return;
    tasks.set({ state: 'due' }, workload.dueTasks);
    tasks.set({ state: 'later' }, workload.laterTasks);
    tasks.set({ state: 'given_up' }, workload.givenUpTasks);
    age.set(workload.oldestDueSeconds);
    running.set(workload.runningCampaigns);
  };
}
