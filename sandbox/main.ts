import { setTimeout as sleep } from 'node:timers/promises';
import { openBrowser } from './browser.ts';
import { readCommandLine, type SandboxOptions } from './command-line.ts';
import { SandboxProblem } from './data-folder.ts';
import { parentOf } from './processes.ts';
import { type Closers, openSandbox } from './sandbox.ts';
import { createTerminal } from './terminal.ts';

const EXIT = { fine: 0, failed: 1, usage: 64, interrupted: 130 };
const STOP_WITHIN_MS = 15_000;
/** A terminal and npm may both pass on one Ctrl-C. */
const SAME_REQUEST_MS = 500;
const PARENT_POLL_MS = 2_000;

const terminal = createTerminal(process.stdout);

process.on('uncaughtException', (error) => {
  complain(error);
  process.exit(EXIT.failed);
});
process.exit(await main());

async function main(): Promise<number> {
  const line = readCommandLine(process.argv.slice(2));
  if (line.kind === 'help') {
    terminal.say(line.text);
    return EXIT.fine;
  }
  if (line.kind === 'wrong') {
    process.stderr.write(`${line.sentence}\n`);
    return EXIT.usage;
  }
  return await run(line.options);
}

/** Ends when somebody asks for it, or when the sandbox cannot go on; a request during the start counts too. */
async function run(options: SandboxOptions): Promise<number> {
  const closers: Closers = [];
  const end = Promise.withResolvers<number>();
  onStopRequest(() => end.resolve(EXIT.fine));
  const onLost = (sentence: string) => {
    process.stderr.write(`${sentence}\n`);
    end.resolve(EXIT.failed);
  };
  try {
    const opened = openSandbox(options, { terminal, closers, onLost });
    const url = await Promise.race([opened, end.promise]);
    if (typeof url === 'number') return url;
    terminal.say(`\n  Open ${url}    (Ctrl-C ends everything and keeps what you did)\n`);
    if (options.opensBrowser) openBrowser(url, process.env, process.stdout.isTTY);
    const code = await end.promise;
    terminal.say('\nClosing. What you did is kept for the next start; --fresh forgets it.');
    return code;
  } catch (error) {
    complain(error);
    return EXIT.failed;
  } finally {
    await close(closers);
  }
}

/** The first request is kept, the second one is obeyed at once: bot and database end with this process anyway. */
function onStopRequest(stop: () => void): void {
  let firstAt: number | undefined;
  const heed = () => {
    firstAt ??= performance.now();
    if (performance.now() - firstAt > SAME_REQUEST_MS) process.exit(EXIT.interrupted);
    stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, heed);
  if (process.env.npm_lifecycle_event) void whenNpmIsGone().then(stop);
}

/** An npm that was killed passes no signal on; between it and this process may stand a shell. */
async function whenNpmIsGone(): Promise<void> {
  const parent = process.ppid;
  const grandparent = await parentOf(parent);
  while (process.ppid === parent && (await parentOf(parent)) === grandparent) {
    await sleep(PARENT_POLL_MS, undefined, { ref: false });
  }
}

async function close(closers: Closers): Promise<void> {
  const closing = (async () => {
    for (const closer of closers.toReversed()) await closer().catch(complain);
  })();
  const late = new Promise((resolve) => {
    setTimeout(resolve, STOP_WITHIN_MS).unref();
  });
  await Promise.race([closing, late]);
}

/** Sentences for what a person can mend; for a defect, where it happened. */
function complain(error: unknown): void {
  const text = error instanceof Error ? sentenceOf(error) : String(error);
  process.stderr.write(`${text}\n`);
}

function sentenceOf(error: Error): string {
  if (error instanceof SandboxProblem) return error.message;
  if (error.name !== 'StartupProblem') return error.stack ?? error.message;
  return error.message.replace(/,? or set DATABASE_URL/, '').replaceAll('DATA_DIR', 'the option --data');
}
