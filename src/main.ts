import { join } from 'node:path';
import { openConsole, prepareDatabase, startApp } from '#app.ts';
import { type Config, ConfigProblem, type ConsoleConfig, readConfig, readConsoleConfig } from '#config.ts';
import { startEmbeddedPostgres } from '#db/embedded-postgres.ts';
import { StartupProblem } from '#db/startup-problem.ts';
import { Refusal } from '#domain/refusal.ts';
import { secret } from '#domain/secret.ts';
import { readTokenCommand, runTokenCommand, TOKEN_USAGE, TokenUsage } from '#token-command.ts';

const STOP_WITHIN_MS = 20_000;
/** A terminal and npm may both pass on one Ctrl-C. */
const SAME_REQUEST_MS = 500;
const WITHOUT_ACCOUNTS = 'To try Ringmaster without any account, run: npm run sandbox';
const EXIT = { fine: 0, failed: 1, usage: 64, config: 78 };

type Closers = (() => Promise<void>)[];

const COMMANDS: Record<string, { help: string; run(closers: Closers): Promise<number> }> = {
  serve: { help: 'run the bot; this is the default', run: serve },
  migrate: { help: 'bring the database to this version, then end', run: migrate },
  token: { help: 'make, list or revoke API tokens', run: token },
  help: { help: 'show this list', run: async () => showUsage(EXIT.fine) },
};

let isClosing = false;
process.on('unhandledRejection', outlive);
process.on('uncaughtException', outlive);
process.exit(await main(process.argv[2] ?? 'serve'));

/** Runs one command and, however it ends, closes what it opened, the last first. */
async function main(name: string): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return showUsage(EXIT.usage);
  const closers: Closers = [];
  try {
    return await command.run(closers);
  } catch (error) {
    complain(explain(error));
    if (error instanceof TokenUsage) return EXIT.usage;
    return error instanceof ConfigProblem ? EXIT.config : EXIT.failed;
  } finally {
    await close(closers);
  }
}

/** Ends when somebody asks for it, or when the built-in database is lost; a request during the start counts too. */
async function serve(closers: Closers): Promise<number> {
  const config = readConfig(process.env);
  const end = Promise.withResolvers<number>();
  onStopRequest(() => end.resolve(EXIT.fine));
  const onLost = (message: string) => {
    complain(message);
    end.resolve(EXIT.failed);
  };
  const started = startServing(config, closers, onLost);
  return Promise.race([end.promise, started.then(() => end.promise)]);
}

async function startServing(
  config: Config,
  closers: Closers,
  onLost: (message: string) => void,
): Promise<void> {
  const databaseUrl = await findDatabase(config, closers, onLost);
  const app = await startApp({ ...config, databaseUrl: secret(databaseUrl) });
  closers.push(() => app.stop());
  say(`Ringmaster listens at ${app.url}, and is reached at ${config.publicUrl}.`);
}

async function migrate(closers: Closers): Promise<number> {
  const databaseUrl = await findDatabase(readConsoleConfig(process.env), closers, complain);
  const applied = await prepareDatabase(databaseUrl);
  say(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'The database is up to date.');
  return EXIT.fine;
}

/** What is typed is read before anything is opened for it. */
async function token(closers: Closers): Promise<number> {
  const command = readTokenCommand(process.argv.slice(3));
  if (command === 'help') {
    say(TOKEN_USAGE);
    return EXIT.fine;
  }
  const config = readConsoleConfig(process.env);
  const databaseUrl = await findDatabase(config, closers, complain);
  await prepareDatabase(databaseUrl);
  const console = openConsole(config, databaseUrl);
  closers.push(() => console.close());
  say(await runTokenCommand(console.deps, command));
  return EXIT.fine;
}

async function findDatabase(
  config: ConsoleConfig,
  closers: Closers,
  onLost: (message: string) => void,
): Promise<string> {
  if (config.databaseUrl) return config.databaseUrl.reveal();
  const dataDir = join(config.dataDir, 'postgres');
  const server = await startEmbeddedPostgres({ dataDir, log: say, onLost });
  closers.push(() => server.stop());
  await server.ensureDatabase('ringmaster');
  say(`DATABASE_URL is not set, so PostgreSQL runs here, with its data in ${dataDir}.`);
  return server.url('ringmaster');
}

/** The first request is kept, the second one is obeyed at once; the built-in database still closes by itself then. */
function onStopRequest(stop: () => void): void {
  let firstAt: number | undefined;
  const heed = () => {
    firstAt ??= performance.now();
    if (performance.now() - firstAt > SAME_REQUEST_MS) process.exit(EXIT.failed);
    stop();
  };
  process.on('SIGTERM', heed);
  process.on('SIGINT', heed);
}

async function close(closers: Closers): Promise<void> {
  isClosing = true;
  const closing = (async () => {
    for (const closer of closers.toReversed()) {
      await closer().catch((error: unknown) => complain(explain(error)));
    }
    return 'closed';
  })();
  const deadline = new Promise<string>((resolve) => {
    setTimeout(resolve, STOP_WITHIN_MS, 'late').unref();
  });
  if ((await Promise.race([closing, deadline])) === 'late') {
    complain(
      `Not everything had closed after ${STOP_WITHIN_MS / 1000} s; the next start takes up what was left.`,
    );
  }
}

function showUsage(code: number): number {
  const lines = Object.entries(COMMANDS).map(([name, { help }]) => `  ${name.padEnd(9)}${help}`);
  (code === EXIT.fine ? say : complain)(['Usage: node src/main.ts [command]', '', ...lines].join('\n'));
  return code;
}

/** Sentences for what a person can mend; for a defect, where it happened. */
function explain(error: unknown): string {
  if ([StartupProblem, TokenUsage, Refusal].some((kind) => error instanceof kind)) return messageOf(error);
  if (error instanceof ConfigProblem) return `${error.message}\n${WITHOUT_ACCOUNTS}`;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken by another program. Stop that one, or set PORT to a free port.`;
  }
  return `Ringmaster met an error it did not expect and stops.\n${traceOf(error)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const trace = withoutParameters(error.stack ?? error.message);
  return error.cause === undefined ? trace : `${trace}\nCaused by: ${traceOf(error.cause)}`;
}

/**
 * A database that cuts its connections leaves the job library with errors that nobody can catch. What it was doing is
 * found again in the rows; when we close, the built-in server does it on purpose. Any other error ends the process.
 */
function outlive(error: unknown): void {
  if (!isConnectionLoss(error)) {
    complain(explain(error));
    process.exit(EXIT.failed);
  }
  if (!isClosing) complain('The database cut a connection; what was under way is taken up again.');
}

/** The server is going away or restarting (PostgreSQL error codes, class 57P and 08). */
function isConnectionLoss(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^(57P0[123]|08...)$/.test(code);
}

/** Query errors carry the statement's parameters, which are people's names, numbers and texts. */
function withoutParameters(text: string): string {
  return text.replace(/\nparams: [\s\S]*?(?=\n {4}at |$)/, '');
}

function say(message: string): void {
  process.stdout.write(`${message}\n`);
}

function complain(message: string): void {
  process.stderr.write(`${message}\n`);
}
