import { LINES_DE } from './lines-de.ts';
import { LINES_EN } from './lines-en.ts';
import { LINES_ES } from './lines-es.ts';
import { LINES_FR } from './lines-fr.ts';

/** Who speaks, for whom. */
export type Speaker = { assistantName: string; companyName: string };

/** Everything the assistant says that no template and no model wrote. */
export type Lines = {
  question: string;
  optedOut: string;
  notNoted: string;
  askOptOut: string;
  quiet: string;
  staysListed: string;
  wrongNumber: string;
  robot(speaker: Speaker): string;
  who(speaker: Speaker): string;
  isRecorded: string;
  isNotRecorded: string;
  recordingStopped: string;
  transferring: string;
  noTransfer: string;
  noCallback: string;
  when: string;
  whenAgain: string;
  noTime: string;
  tooFar: string;
  check(time: string): string;
  checkMoved(time: string): string;
  calledBack(time: string): string;
  noted: string;
  notUnderstood: string;
  stillThere: string;
  nobodyThere: string;
  filler: string;
  slow: string;
  trouble: string;
  brokeOff: string;
  timeUp: string;
  goodbye: string;
};

/** The lines of a language as BCP 47 names it; English where we have none. */
export function linesOf(language: string): Lines {
  return LINES[language.slice(0, 2).toLowerCase()] ?? LINES_EN;
}

const LINES: Readonly<Record<string, Lines>> = { en: LINES_EN, de: LINES_DE, es: LINES_ES, fr: LINES_FR };
