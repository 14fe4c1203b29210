import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const READY = 'Ringmaster listens';
const START_PATIENCE_MS = 60_000;
const LINES_KEPT = 40;

/** A bot in a process of its own. `ready` settles when it listens, or has ended before it could. */
export type Bot = {
  port: number;
  ready: Promise<boolean>;
  /** Settles when the process is gone. */
  gone: Promise<void>;
  isAlive(): boolean;
  kill(): void;
  /** The process stands still, as one that is swapped out or whose machine is asleep. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
  pid: number;
};

export type BotOptions = {
  /** Arguments of node. */
  script: readonly string[];
  env: Record<string, string>;
  port: number;
  /** Hears every line that the process logs. */
  onLine(line: string): void;
  /** Hears when it ends although nobody asked it to. */
  onLost(how: string): void;
};

export function startBot(options: BotOptions): Bot {
  const child = spawn(process.execPath, [...options.script], {
    env: { ...options.env, PORT: String(options.port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  let isExpected = false;
  const last: string[] = [];
  const ready = Promise.withResolvers<boolean>();
  const hear = (line: string) => {
    last.push(line);
    if (last.length > LINES_KEPT) last.shift();
    if (line.startsWith(READY)) ready.resolve(true);
    options.onLine(line);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', hear);
  const patience = setTimeout(() => {
    options.onLost(`it did not listen within ${START_PATIENCE_MS / 1_000} s: ${last.join('\n')}`);
    child.kill('SIGKILL');
  }, START_PATIENCE_MS);
  void ready.promise.then(() => clearTimeout(patience));
  const gone = once(child, 'close').then(([code, signal]) => {
    process.off('exit', endWithUs);
    ready.resolve(false);
    if (!isExpected) options.onLost(`it ended by itself (${signal ?? code}): ${last.join('\n')}`);
  });
  const end = (signal: NodeJS.Signals) => {
    isExpected = true;
    child.kill(signal);
  };
  return {
    port: options.port,
    pid: child.pid ?? -1,
    ready: ready.promise,
    gone,
    isAlive: () => isAlive(child),
    kill: () => end('SIGKILL'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async stop() {
      end('SIGTERM');
      await gone;
    },
  };
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
