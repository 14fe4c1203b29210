import type { BotStatus } from '#sandbox/page-protocol.ts';
import type { PageSource } from '#sandbox/page-server.ts';
import { Bot } from './bot.ts';
import { botEnvironment, botUrl, type Credentials } from './bot-environment.ts';
import { openBotLog } from './bot-log.ts';
import { botStatusSource } from './bot-status.ts';
import { type DataFolder, readHolder, writeHolder } from './data-folder.ts';
import { findFreePort } from './ports.ts';
import { type ProductClock, sayProductTime } from './product-clock.ts';
import type { LauncherVerbs } from './routes.ts';
import type { StandIns } from './stand-ins.ts';
import type { Terminal } from './terminal.ts';

export type KeptBot = {
  verbs: LauncherVerbs;
  source: PageSource;
  /** Resolves with true when the bot is ready for work. `url` is where it meets Slack and the carrier. */
  start(url: string): Promise<boolean>;
  /** Where it answers. */
  url(): string;
  close(): Promise<void>;
};

type Parts = {
  folder: DataFolder;
  databaseUrl: string;
  clock: ProductClock;
  credentials: Credentials;
  standIns: StandIns;
  terminal: Terminal;
};

/** The bot of this sandbox: its environment, its log, its row on the page, and what the page can do to it. */
export async function keepBot(parts: Parts): Promise<KeptBot> {
  const { folder, clock, standIns, terminal } = parts;
  const log = await openBotLog(folder.botLog);
  const status = botStatusSource((): BotStatus => {
    const { productEpochMs: productAt, realEpochMs: realAt, speed } = clock.setting();
    return { id: 'bot', ...bot.state, url: port === 0 ? '' : botUrl(port), speed, productAt, realAt };
  });
  let pageUrl = '';
  let port = (await readHolder(folder))?.botPort ?? 0;
  let wantedSpeed: number | null = null;
  let noting = Promise.resolve();

  async function prepare() {
    if (wantedSpeed !== null) changeSpeed(wantedSpeed);
    wantedSpeed = null;
    port = await findFreePort(port || Number(new URL(pageUrl).port) + 1);
    standIns.pointAtBot(botUrl(port));
    const { databaseUrl, credentials } = parts;
    const place = { databaseUrl, botPort: port, standInsUrl: pageUrl, dataDir: folder.dir };
    return { url: botUrl(port), env: botEnvironment(place, credentials, clock.setting(), process.env) };
  }

  function changeSpeed(speed: number): void {
    clock.setSpeed(speed);
    terminal.say(`Time runs at ${speed}× now. It is ${sayProductTime(clock.now())}.`);
  }

  const bot = new Bot({
    prepare,
    onLine: (line) => {
      log.write(line);
      terminal.sayBot(line);
    },
    onStarted: (botPid) => {
      const note = () => writeHolder(folder, { url: pageUrl, botPort: port, botPid });
      noting = noting
        .then(note)
        .catch(() => terminal.say('The sandbox could not note which bot is its own.'));
    },
    onStatus: status.tell,
    onTrouble: terminal.say,
  });

  return {
    source: status,
    verbs: {
      pullThePlug: () => bot.pullThePlug(),
      setSpeed(speed) {
        if (speed === (wantedSpeed ?? clock.speed)) return;
        wantedSpeed = speed;
        bot.restart();
      },
    },
    start(url) {
      pageUrl = url;
      return bot.start();
    },
    url: () => botUrl(port),
    async close() {
      await bot.close();
      await noting;
      await log.close();
    },
  };
}
