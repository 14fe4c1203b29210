import { FILE_LIMITS, FileRefused } from './file-problems.ts';

/** How contacts stand in a JSON file: in a list, in the list `contacts` of an object, or one object after the other. */
export type JsonShape = 'list' | 'wrapped' | 'lines';

/** The text of one contact. `line` is where it starts, `position` counts contacts from 1. */
export type JsonElement = { text: string; line: number; position: number };

/** Cuts JSON that arrives in pieces into the texts of its contacts, holding one contact at a time. */
export type JsonSplitter = {
  /** The contacts completed by this piece. Throws `FileRefused` where the JSON is broken or one contact is too large. */
  write(text: string): JsonElement[];
  /** The last contact, if the file ends with one. Throws `FileRefused` when it ends in the middle. */
  end(): JsonElement[];
  /** Whether the list of contacts has been reached. */
  isFound(): boolean;
};

/** Tells how contacts stand in a JSON file, from its first characters. */
export function jsonShape(start: string): JsonShape {
  if (start.trimStart().startsWith('[')) return 'list';
  const splitter = createJsonSplitter('wrapped');
  try {
    splitter.write(start);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
  }
  return splitter.isFound() ? 'wrapped' : 'lines';
}

/** A splitter for one file of this shape. */
export function createJsonSplitter(shape: JsonShape): JsonSplitter {
  const isFlat = shape === 'lines';
  const scan: Scan = {
    shape,
    depth: 0,
    contactDepth: isFlat ? 0 : UNREACHED,
    isInString: false,
    isEscaped: false,
    isClosed: false,
    wasFound: isFlat,
    key: '',
    line: 1,
    contactLine: 1,
    pending: null,
    done: [],
    position: 0,
  };
  return {
    write(text) {
      scanText(scan, text);
      return scan.done.splice(0);
    },
    end() {
      const isBetween = scan.depth === 0 && !scan.isInString;
      if (isFlat && isBetween && scan.pending !== null) finish(scan, '');
      if (!isBetween || !(isFlat || scan.isClosed)) throw new FileRefused('json_malformed', scan.line);
      if (!scan.wasFound) throw new FileRefused('json_no_list');
      return scan.done.splice(0);
    },
    isFound: () => scan.wasFound,
  };
}

type Scan = {
  shape: JsonShape;
  depth: number;
  /** The depth at which contacts stand; out of reach before and after their list. */
  contactDepth: number;
  isInString: boolean;
  isEscaped: boolean;
  isClosed: boolean;
  wasFound: boolean;
  /** The last string at the depth of an object's keys. */
  key: string;
  line: number;
  contactLine: number;
  /** What earlier pieces held of the contact that is being read; null between contacts. */
  pending: string | null;
  done: JsonElement[];
  position: number;
};

const UNREACHED = -1;
const DEEPEST = 64;
const LONGEST_KEY = 100;

function scanText(scan: Scan, text: string): void {
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '\n') scan.line += 1;
    if (scan.isInString) inString(scan, character);
    else start = structural(scan, text, at, start);
  }
  if (scan.pending !== null) keep(scan, text.slice(start));
}

/** Takes one character that is not in a string; returns where the contact being read starts in this piece. */
function structural(scan: Scan, text: string, at: number, start: number): number {
  const character = text[at] as string;
  let from = start;
  if (scan.pending === null) {
    outside(scan, character);
    if (scan.pending === null) return start;
    from = at;
  }
  const over = inside(scan, character);
  if (!over) return from;
  finish(scan, text.slice(from, over === 'with' ? at + 1 : at));
  if (over === 'before') outside(scan, character);
  return at + 1;
}

function inString(scan: Scan, character: string): void {
  if (scan.isEscaped) scan.isEscaped = false;
  else if (character === '\\') scan.isEscaped = true;
  else if (character === '"') scan.isInString = false;
  if (scan.isInString && scan.pending === null && scan.key.length < LONGEST_KEY) scan.key += character;
}

/** Around contacts: finds where their list begins and ends, and where the next contact starts. */
function outside(scan: Scan, character: string): void {
  if (/\s/.test(character)) return;
  if (scan.isClosed) throw new FileRefused('json_malformed', scan.line);
  if (scan.depth === scan.contactDepth) beforeContact(scan, character);
  else if (character === '"') openString(scan);
  else if (character === '{' || character === '[') open(scan, character);
  else if (character === '}' || character === ']') close(scan);
  else if (scan.depth === 0) throw new FileRefused('json_malformed', scan.line);
  else if (character === ',') scan.key = '';
}

function beforeContact(scan: Scan, character: string): void {
  if (character === ',') return;
  if (character === ']' || character === '}') {
    scan.contactDepth = UNREACHED;
    close(scan);
    return;
  }
  scan.pending = '';
  scan.contactLine = scan.line;
}

/** Within a contact: whether this character ends it, and whether it is still part of it. */
function inside(scan: Scan, character: string): 'with' | 'before' | null {
  if (character === '"') openString(scan);
  if (scan.depth === scan.contactDepth) {
    if (character === ',' || character === ']' || character === '}') return 'before';
    if (character === '\n' && scan.shape === 'lines') return 'before';
  }
  if (character === '{' || character === '[') deepen(scan);
  if (character !== '}' && character !== ']') return null;
  scan.depth -= 1;
  return scan.depth === scan.contactDepth ? 'with' : null;
}

function openString(scan: Scan): void {
  scan.isInString = true;
  scan.key = '';
}

function open(scan: Scan, character: string): void {
  const isList =
    scan.shape === 'list'
      ? scan.depth === 0 && character === '['
      : scan.depth === 1 && character === '[' && scan.key === 'contacts';
  deepen(scan);
  if (!isList || scan.wasFound) return;
  scan.wasFound = true;
  scan.contactDepth = scan.depth;
}

function deepen(scan: Scan): void {
  scan.depth += 1;
  if (scan.depth > DEEPEST) throw new FileRefused('json_malformed', scan.line);
}

function close(scan: Scan): void {
  scan.depth -= 1;
  if (scan.depth < 0) throw new FileRefused('json_malformed', scan.line);
  scan.isClosed = scan.depth === 0 && scan.shape !== 'lines';
}

function keep(scan: Scan, text: string): void {
  scan.pending = (scan.pending ?? '') + text;
  if (scan.pending.length > FILE_LIMITS.rowBytes) throw new FileRefused('row_too_large', scan.contactLine);
}

function finish(scan: Scan, lastText: string): void {
  keep(scan, lastText);
  scan.position += 1;
  scan.done.push({ text: scan.pending ?? '', line: scan.contactLine, position: scan.position });
  scan.pending = null;
}
