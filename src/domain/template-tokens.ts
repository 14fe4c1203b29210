import { type Place, readTokens, refuseAt, type TemplateRefused, type Token } from './template-syntax.ts';

/** The longest template, in UTF-16 code units. Long enough for an assistant's instructions. */
const MAX_TEMPLATE_CHARACTERS = 10_000;
/** Words and signs between braces in one template. */
const MAX_CODE_TOKENS = 1000;
const MAX_NESTED_BRACKETS = 8;
const MAX_NESTED_IFS = 8;

/** What a variable may be called: letters of any script, digits and underscores; every imported column fits. */
const VARIABLE_NAME = /^[\p{L}\p{M}\p{N}_]{1,80}$/u;

/**
 * The first half of the save-time fence: refuses whatever the tree no longer shows (comments, dashes that eat blanks,
 * crooked brackets, code in odd names) and whatever would make the parser itself work too hard, before it runs. A name
 * with a quote in it is how plain nunjucks can be made to run code while it compiles. Throws `TemplateRefused`.
 */
export function checkTokens(text: string, knownVariables: ReadonlySet<string> | undefined): void {
  if (text.length > MAX_TEMPLATE_CHARACTERS) {
    const message = `The template has ${text.length} characters, ${MAX_TEMPLATE_CHARACTERS} are allowed. Shorten it.`;
    throw refuseAt({ lineno: 0, colno: 0 }, message);
  }
  const state: State = { text, knownVariables, tag: null, before: null, brackets: 0, ifs: [], count: 0 };
  for (const token of readTokens(text)) {
    if (token.type === 'whitespace') continue;
    const check = CHECKS[token.type] ?? refuseSign;
    check(token, state);
    if (state.tag !== null && token !== state.tag) countCode(token, state);
    state.before = token;
  }
  if (state.tag !== null) throw refuseAt(state.tag, `This “${state.tag.value}” is never closed.`);
  const open = state.ifs.at(-1);
  if (open !== undefined)
    throw refuseAt(open, 'This {% if %} is never closed. Write {% endif %} where it ends.');
}

type State = {
  text: string;
  knownVariables: ReadonlySet<string> | undefined;
  tag: Token | null;
  before: Token | null;
  brackets: number;
  ifs: (Place & { hasElse: boolean })[];
  count: number;
};
type Check = (token: Token, state: State) => void;

const CHECKS: Readonly<Record<string, Check>> = {
  data: refuseSingleBraces,
  'variable-start': openTag,
  'block-start': openTag,
  'variable-end': closeTag,
  'block-end': closeTag,
  comment: (token) => {
    throw refuseAt(token, 'Comments {# … #} would never be seen. Take this one out.');
  },
  symbol: checkWord,
  string: refuseOpenQuote,
  'left-paren': openBracket,
  'right-paren': closeBracket,
  operator: checkOperator,
  pipe: allow,
  comma: allow,
  int: allow,
  float: allow,
  boolean: allow,
  none: allow,
};

const SIGNS: Readonly<Record<string, string>> = {
  'left-bracket': 'Square brackets are not available in a template. Use a plain variable such as {{ name }}.',
  'right-bracket':
    'Square brackets are not available in a template. Use a plain variable such as {{ name }}.',
  'left-curly': 'Use exactly two braces on each side: {{ name }}.',
  'right-curly': 'Use exactly two braces on each side: {{ name }}.',
  tilde: 'Texts cannot be joined with “~”. Put the variables next to each other: {{ first }} {{ last }}.',
  colon:
    "A colon has no meaning in a template. Filters take their text in brackets: {{ name|default('there') }}.",
  regex: 'Search patterns are not available in a template.',
};

const OPERATORS: Readonly<Record<string, string>> = {
  '.': 'Only plain variables can be used: {{ company }}, not {{ contact.company }}.',
  '=': "To compare, write two equals signs: {% if plan == 'gold' %}.",
  '!': 'To turn a condition round, write “not”: {% if not vip %}.',
};

const NAMED_ARGUMENT = "Write the value alone in the brackets: default('there'), not default(value='there').";

const TAG_WORDS = new Set(['if', 'elif', 'else', 'endif']);
const KEYWORDS = new Set(['if', 'else', 'elif', 'endif', 'and', 'or', 'not', 'in', 'is']);

function allow(): void {}

function refuseSign(token: Token): never {
  const sign = String(token.value);
  throw refuseAt(token, SIGNS[token.type] ?? `The sign “${sign}” has no meaning in a template.`);
}

function checkOperator(token: Token, state: State): void {
  const sign = String(token.value);
  const message = sign === '=' && state.brackets > 0 ? NAMED_ARGUMENT : OPERATORS[sign];
  if (message !== undefined) throw refuseAt(token, message);
}

function openTag(token: Token, state: State): void {
  refuseDash(token);
  state.tag = token;
}

function closeTag(token: Token, state: State): void {
  refuseDash(token);
  if (state.brackets > 0) throw refuseAt(token, 'A bracket “(” before this place is never closed.');
  if (state.before === state.tag)
    throw refuseAt(token, 'Nothing stands between these braces. Name a variable.');
  state.tag = null;
}

function refuseDash(token: Token): void {
  if (!String(token.value).includes('-')) return;
  throw refuseAt(token, 'Write the braces without a dash: blanks and line ends stay as they are typed.');
}

function countCode(token: Token, state: State): void {
  state.count += 1;
  if (state.count <= MAX_CODE_TOKENS) return;
  throw refuseAt(token, 'The template holds too many variables and conditions. Split it or shorten it.');
}

function checkWord(token: Token, state: State): void {
  const isTagWord = state.tag?.type === 'block-start' && state.before === state.tag;
  if (isTagWord) checkTagWord(token, state);
  else checkName(token);
}

function checkName(token: Token): void {
  const word = String(token.value);
  if (/[‘’‚‛“”„‟«»`´]/u.test(word)) {
    throw refuseAt(token, "Use straight quotes around a text: {{ name|default('there') }}.");
  }
  if (!VARIABLE_NAME.test(word)) {
    throw refuseAt(token, 'Variable names have letters, digits and underscores only, at most 80 of them.');
  }
}

function checkTagWord(token: Token, state: State): void {
  const word = String(token.value);
  if (!TAG_WORDS.has(word)) throw refuseTag(token, word);
  if (word === 'if') openIf(token, state);
  else continueIf(token, word, state);
}

function continueIf(token: Token, word: string, state: State): void {
  const open = state.ifs.at(-1);
  if (open === undefined) throw refuseAt(token, `This {% ${word} %} has no {% if %} before it.`);
  if (word === 'endif') {
    state.ifs.pop();
    return;
  }
  if (open.hasElse)
    throw refuseAt(token, `This {% ${word} %} stands after {% else %}, which must be the last.`);
  open.hasElse = word === 'else';
}

function openIf(token: Token, state: State): void {
  if (state.ifs.length === MAX_NESTED_IFS) {
    throw refuseAt(token, `Conditions can stand inside each other ${MAX_NESTED_IFS} deep. Use {% elif %}.`);
  }
  state.ifs.push({ lineno: token.lineno, colno: token.colno, hasElse: false });
}

function refuseTag(token: Token, word: string): TemplateRefused {
  if (word === 'elseif') return refuseAt(token, 'Write {% elif … %} instead of {% elseif … %}.');
  const shown = VARIABLE_NAME.test(word) ? `{% ${word} %}` : 'This {% … %}';
  const message = `${shown} is not available. A message can use {% if %}, {% elif %}, {% else %} and {% endif %}.`;
  return refuseAt(token, message);
}

/** The lexer takes the rest of the template for the text when its closing quote is missing. */
function refuseOpenQuote(token: Token, state: State): void {
  if (token.end > state.text.length) throw refuseAt(token, 'The quote that starts here is never closed.');
}

function openBracket(token: Token, state: State): void {
  const before = state.before;
  const word = before?.type === 'symbol' ? String(before.value) : null;
  const afterValue =
    before !== null && ['right-paren', 'string', 'int', 'float', 'boolean', 'none'].includes(before.type);
  const afterName = word !== null && !KEYWORDS.has(word) && !followsPipe(before, state.text);
  if (afterValue || afterName) {
    throw refuseAt(
      token,
      "Templates cannot call functions. Brackets follow a filter: {{ name|default('there') }}.",
    );
  }
  state.brackets += 1;
  if (state.brackets > MAX_NESTED_BRACKETS)
    throw refuseAt(token, 'There are too many brackets inside each other.');
}

function followsPipe(word: Token | null, text: string): boolean {
  return word !== null && text.slice(0, word.start).trimEnd().endsWith('|');
}

function closeBracket(token: Token, state: State): void {
  if (state.brackets === 0) throw refuseAt(token, 'This bracket “)” was never opened.');
  state.brackets -= 1;
}

/** `{name}` would be sent as it stands; with a known name it is certainly a slip. */
function refuseSingleBraces(token: Token, state: State): void {
  if (state.knownVariables === undefined) return;
  const text = String(token.value);
  for (const match of text.matchAll(/\{\s*([\p{L}\p{M}\p{N}_]+)\s*\}/gu)) {
    const name = match[1] ?? '';
    if (!state.knownVariables.has(name)) continue;
    const above = text.slice(0, match.index).split('\n');
    const column = above.at(-1)?.length ?? 0;
    const place = {
      lineno: token.lineno + above.length - 1,
      colno: above.length === 1 ? token.colno + column : column,
    };
    throw refuseAt(place, `“{${name}}” would be sent as it stands. Write {{ ${name} }} with two braces.`);
  }
}
