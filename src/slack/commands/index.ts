import { nearestWord } from '#domain/nearest-word.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { actionId, campaignValue } from '#slack/action-ids.ts';
import { actions, button, section } from '#slack/blocks/kit.ts';
import { demand, type Entry } from '#slack/context.ts';
import { quote } from '#slack/mrkdwn.ts';
import { plainWords } from '#slack/words.ts';
import { assistantEdit, assistantList, assistantNew, assistantRetire } from './assistant.ts';
import { audit } from './audit.ts';
import { bestTime } from './best-time.ts';
import { liveCalls, redial } from './calls.ts';
import type { CampaignCommand, Command, WordsCommand } from './command.ts';
import { consent } from './consent.ts';
import { contact } from './contact.ts';
import { dncAdd, dncCheck, dncRemove } from './dnc.ts';
import { dncExport, dncImport, dncList } from './dnc-list.ts';
import { evidence } from './evidence.ts';
import { helpMessage, unknownWords } from './help.ts';
import { law } from './law.ts';
import { list } from './list.ts';
import { preview, show, test, why } from './look.ts';
import { create, exportResults, importContacts } from './make.ts';
import { cancel, pause, resume, start } from './moves.ts';
import { privacy } from './privacy.ts';
import { rates } from './rates.ts';
import { rehearse } from './rehearse.ts';
import { resolveCampaign } from './resolve.ts';
import { roles } from './roles.ts';
import { schedule, unschedule } from './schedule.ts';
import { settings } from './settings.ts';
import { token } from './token.ts';
import { webhooks } from './webhooks.ts';

const help: WordsCommand = {
  name: 'help',
  usage: '',
  summary: 'This list',
  right: 'view',
  runs: 'now',
  takes: 'words',
  run: (entry) => entry.answer.privately(helpMessage(COMMANDS)),
};

/** Everything that can be said after `/campaign`. A new one is a file and its name here; help and parser follow. */
export const COMMANDS: readonly Command[] = [
  create,
  importContacts,
  list,
  show,
  preview,
  rehearse,
  test,
  start,
  schedule,
  unschedule,
  pause,
  resume,
  cancel,
  liveCalls,
  why,
  contact,
  bestTime,
  redial,
  exportResults,
  evidence,
  assistantList,
  assistantNew,
  assistantEdit,
  assistantRetire,
  dncAdd,
  dncRemove,
  dncCheck,
  dncList,
  dncImport,
  dncExport,
  consent,
  privacy,
  rates,
  audit,
  roles,
  settings,
  token,
  webhooks,
  law,
  help,
];

/** The command that a text begins with and the words after it; null when it begins with none. */
export function findCommand(text: string): { command: Command; words: string } | null {
  const said = plainWords(text);
  if (!said) return { command: help, words: '' };
  const [first = '', second = '', ...rest] = said.split(' ');
  const name = `${first} ${second}`.toLowerCase();
  const double = COMMANDS.find((command) => command.name === name);
  if (double) return { command: double, words: rest.join(' ') };
  const single = COMMANDS.find((command) => command.name === first.toLowerCase());
  return single ? { command: single, words: [second, ...rest].join(' ').trim() } : null;
}

/** Does what was said, when the person may. */
export async function runCommand(entry: Entry, text: string): Promise<void> {
  const found = findCommand(text);
  if (!found) return tellUnknown(entry, plainWords(text));
  const { command, words } = found;
  await demand(entry, command.right);
  if (command.takes === 'words') return command.run(entry, words);
  const campaign = await resolveCampaign(entry, words, command);
  if (campaign) await runOn(entry, command, campaign);
}

/** Does a command on a campaign that is already known: chosen in a picker, or found by its name. */
export async function runOn(entry: Entry, command: CampaignCommand, campaign: CampaignDetail): Promise<void> {
  if (entry.triggerId || !command.button) return command.run(entry, campaign);
  const value = campaignValue({ campaignId: campaign.id, version: campaign.version });
  const label = `${command.name.charAt(0).toUpperCase()}${command.name.slice(1)} ${campaign.name}`;
  const sentence = `To ${command.name} *${quote(campaign.name)}*, press the button.`;
  await entry.answer.privately({
    text: sentence.replaceAll('*', ''),
    blocks: [section(sentence), actions([button({ label, actionId: actionId(command.button), value })])],
  });
}

async function tellUnknown(entry: Entry, said: string): Promise<void> {
  const words = said.split(' ');
  const names = COMMANDS.map(({ name }) => name);
  const nearest =
    nearestWord(words.slice(0, 2).join(' '), names) ??
    nearestWord(words[0] ?? '', names) ??
    beginsWith(words[0], names);
  await entry.answer.privately(helpMessage(COMMANDS, unknownWords(said, nearest)));
}

function beginsWith(word: string | undefined, names: string[]): string | undefined {
  return word
    ? names.find((name) => name.startsWith(`${word.toLowerCase()} `) || name.startsWith(word.toLowerCase()))
    : undefined;
}
