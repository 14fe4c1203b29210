import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** What the bot is, for whoever looks at the list of processes. */
export const BOT_SCRIPT = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/**
 * The shell becomes the bot and leaves a watcher behind that reads our end of a pipe. However this process ends, the
 * pipe closes and the watcher kills the bot; a line instead means that the bot is gone already.
 */
const SUPERVISED = '( ( read -r _ <&3 || kill -KILL $$ ) >/dev/null 2>&1 & ) 3<&0; exec "$0" "$@" </dev/null';

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type BotChild = {
  pid: number | null;
  exited: Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
};

/** Starts the bot on the node that runs this process, out of reach of the terminal's Ctrl-C. */
export function spawnBot(env: Record<string, string>, onLine: (line: string) => void): BotChild {
  const child = spawn('/bin/sh', ['-c', SUPERVISED, process.execPath, BOT_SCRIPT, 'serve'], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  for (const output of [child.stdout, child.stderr]) readLines(output, onLine);
  return {
    pid: child.pid ?? null,
    exited: watchExit(child, onLine),
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

function watchExit(child: ChildProcess, onLine: (line: string) => void): Promise<Exit> {
  return new Promise((resolve) => {
    const gone = (exit: Exit) => {
      child.stdin?.end('\n');
      resolve(exit);
    };
    child.once('exit', (code, signal) => gone({ code, signal }));
    child.once('error', (error) => {
      onLine(`The bot cannot be started: ${error.message}`);
      gone({ code: null, signal: null });
    });
  });
}

function readLines(output: Readable, onLine: (line: string) => void): void {
  output.on('error', () => undefined);
  createInterface({ input: output, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}
