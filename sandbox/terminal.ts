import { stripVTControlCharacters, styleText } from 'node:util';
import { shortenLogLine } from './bot-log.ts';

/** What a person reads who started the sandbox. */
export type Terminal = {
  say(sentence: string): void;
  /** A line of the bot's log, shortened to one line of the terminal. */
  sayBot(line: string): void;
};

const BOT_MARK = 'bot │ ';
const WIDTH_WITHOUT_TERMINAL = 160;

export function createTerminal(output: NodeJS.WriteStream): Terminal {
  const write = (text: string) => output.write(`${text}\n`);
  return {
    say: write,
    sayBot(line) {
      const width = (output.columns || WIDTH_WITHOUT_TERMINAL) - BOT_MARK.length;
      const plain = stripVTControlCharacters(line);
      write(styleText('dim', BOT_MARK + shortenLogLine(plain, width), { stream: output }));
    },
  };
}
