import { createCarrierStandIn } from '#sandbox/carrier/carrier.ts';
import type { CarrierSave } from '#sandbox/carrier/save.ts';
import type { PageSource } from '#sandbox/page-server.ts';
import type { SavedWorkspace } from '#sandbox/slack/persistence.ts';
import { createSlackStandIn } from '#sandbox/slack/stand-in.ts';
import { BOT_PHONE_NUMBER, type Credentials } from './bot-environment.ts';
import type { ProductClock } from './product-clock.ts';
import { SHORTCUTS } from './shortcuts.ts';

/** What a careful person adds in the carrier's console: a text or call to a bot that is down is offered again. */
const KEEP_TRYING = '#rc=5&rp=all';

/** Everything the stand-ins remember. */
export type StandInsSave = { version: 1; slack: SavedWorkspace; carrier: CarrierSave };

export type StandIns = ReturnType<typeof createStandIns>;

/** The stand-in Slack and the stand-in carrier of one sandbox. `dataDir` is where Slack keeps its files. */
export function createStandIns(dataDir: string, clock: ProductClock, credentials: Credentials) {
  const slack = createSlackStandIn({
    productClock: clock,
    dataDir,
    botToken: credentials.slackBotToken,
    signingSecret: credentials.slackSigningSecret,
  });
  const carrier = createCarrierStandIn({
    clock,
    accountSid: credentials.twilioAccountSid,
    authToken: credentials.twilioAuthToken,
    numbers: [
      { phoneNumber: BOT_PHONE_NUMBER, sms: true, voice: true, segmentsPerSecond: null, smsUrl: null },
    ],
    seed: 'sandbox',
  });
  const sources: PageSource[] = [
    {
      snapshot: () => ({
        tables: slack.snapshot(),
        slashCommands: slack.slashCommands,
        shortcuts: SHORTCUTS,
        botUserId: slack.botUserId,
      }),
      subscribe: (listener) =>
        slack.subscribe((change) => {
          if (change.type !== 'snapshot') listener(change);
        }),
    },
    { snapshot: () => ({ tables: carrier.snapshot() }), subscribe: carrier.subscribe },
  ];
  return {
    slack,
    carrier,
    sources,
    /** Where the bot is reached from now on. */
    pointAtBot(url: string) {
      slack.setBotRequestUrl(`${url}/slack/events`);
      carrier.verbs.setSmsUrl(BOT_PHONE_NUMBER, `${url}/twilio/sms${KEEP_TRYING}`);
      carrier.verbs.setVoiceUrl(BOT_PHONE_NUMBER, `${url}/twilio/voice${KEEP_TRYING}`);
    },
    save: (): StandInsSave => ({ version: 1, slack: slack.save(), carrier: carrier.save() }),
    load(saved: StandInsSave) {
      slack.load(saved.slack);
      carrier.load(saved.carrier);
    },
    async close() {
      carrier.close();
      await slack.close();
    },
  };
}
