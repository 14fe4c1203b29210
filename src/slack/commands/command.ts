import type { CampaignStatus } from '#domain/lifecycle.ts';
import type { Right } from '#domain/rights.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import type { ActionName } from '#slack/action-ids.ts';
import type { Entry } from '#slack/context.ts';

type Common = {
  /** One or two words; the help text and the parser read them from here. */
  name: string;
  usage: string;
  summary: string;
  right: Right;
  /** `stored`: it changes something, so it is on disk before Slack is answered. `now`: it looks, or opens a modal. */
  runs: 'now' | 'stored';
};

/** A command about words of its own. */
export type WordsCommand = Common & { takes: 'words'; run(entry: Entry, words: string): Promise<void> };

/** A command about one campaign, named by its number or name; without words, or with too few, a picker asks. */
export type CampaignCommand = Common & {
  takes: 'campaign';
  /** The statuses in which it makes sense: what the picker offers. */
  offers: readonly CampaignStatus[];
  /** The button that does the same, for places from which no modal can be opened. */
  button?: ActionName;
  run(entry: Entry, campaign: CampaignDetail): Promise<void>;
};

export type Command = WordsCommand | CampaignCommand;
