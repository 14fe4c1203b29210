import { actionId } from '#slack/action-ids.ts';
import { actions, button, fallback, header, type Message, section } from '#slack/blocks/kit.ts';
import { escapeText, quote } from '#slack/mrkdwn.ts';
import type { Command } from './command.ts';

type Described = Pick<Command, 'name' | 'usage' | 'summary'>;

/** What can be said, one line a command, derived from the registry. `problem` says what was wrong with what was said. */
export function helpMessage(commands: readonly Described[], problem: string | null = null): Message {
  const lines = commands.map(({ name, usage, summary }) => {
    const words = escapeText(`/campaign ${name} ${usage}`.trim());
    return `\`${words}\` ${summary}`;
  });
  const intro =
    'Drop a CSV file of contacts into a channel that I am in, or use these words. A campaign is named by its name or its number.';
  return {
    text: fallback(problem, intro, ...lines.map((line) => line.replaceAll('`', ''))),
    blocks: [
      ...(problem ? [section(problem)] : []),
      header('Ringmaster: campaigns from Slack'),
      section(intro),
      section(lines.join('\n')),
      section(
        '*For example*\n`/campaign new Spring reminder`\n`/campaign why 42`\n`/campaign dnc check +14155550123`',
      ),
      actions([button({ label: 'New campaign', actionId: actionId('campaign.new'), style: 'primary' })]),
    ],
  };
}

/** Unknown words: what was wrong, the nearest that exists. */
export function unknownWords(words: string, nearest: string | undefined): string {
  const said = `I do not know “${quote(words, 60)}”.`;
  return nearest ? `${said} Did you mean \`/campaign ${nearest}\`?` : said;
}
