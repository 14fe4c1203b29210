import { actionId } from '#slack/action-ids.ts';
import { actions, type Block, button, fallback, header, type Message, section } from '#slack/blocks/kit.ts';
import { LIMITS } from '#slack/limits.ts';
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
      ...sectionsOf(lines),
      section(
        '*For example*\n`/campaign new Spring reminder`\n`/campaign why 42`\n`/campaign contact +14155550123`',
      ),
      actions([button({ label: 'New campaign', actionId: actionId('campaign.new'), style: 'primary' })]),
    ],
  };
}

/** As many lines to a section as it holds, so that none is cut. */
function sectionsOf(lines: string[]): Block[] {
  const texts: string[] = [];
  for (const line of lines) {
    const grown = `${texts.at(-1) ?? ''}\n${line}`.trimStart();
    if (texts.length > 0 && grown.length <= LIMITS.sectionText) texts[texts.length - 1] = grown;
    else texts.push(line);
  }
  return texts.map((text) => section(text));
}

/** Unknown words: what was wrong, the nearest that exists. */
export function unknownWords(words: string, nearest: string | undefined): string {
  const said = `I do not know “${quote(words, 60)}”.`;
  return nearest ? `${said} Did you mean \`/campaign ${nearest}\`?` : said;
}
