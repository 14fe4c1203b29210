import nunjucks from 'nunjucks';

/** What is wrong with a template, as a sentence for its author; line and column count from 1. */
export type TemplateProblem = { message: string; line: number; column: number };

/** A template that will not be used. Its message is the sentence of the problem. */
export class TemplateRefused extends Error {
  override name = 'TemplateRefused';
  readonly problem: TemplateProblem;

  constructor(problem: TemplateProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** How deep values and conditions may stand inside each other; either fence keeps to it. */
export const MAX_DEPTH = 120;

/** A place in a template as nunjucks counts it, from 0. */
export type Place = { lineno: number; colno: number };

/** A word, sign or stretch of text. `start` and `end` are its place in the template. */
export type Token = Place & { type: string; value: unknown; start: number; end: number };

type At<Name extends string, Fields> = Place & { readonly typename: Name } & Readonly<Fields>;
type Children = { children: readonly TemplateNode[] };

/** The nodes that a template may be made of; the parser makes many more, which both fences refuse. */
export type TemplateNode =
  | At<'Root', Children>
  | At<'NodeList', Children>
  | At<'Output', Children>
  | At<'Group', Children>
  | At<'TemplateData', { value: unknown }>
  | At<'Literal', { value: unknown }>
  | At<'Symbol', { value: string }>
  | At<'Filter', { name: TemplateNode; args: TemplateNode }>
  | At<'If', { cond: TemplateNode; body: TemplateNode; else_: TemplateNode | null }>
  | At<'InlineIf', { cond: TemplateNode; body: TemplateNode; else_: TemplateNode | null }>
  | At<'And', { left: TemplateNode; right: TemplateNode }>
  | At<'Or', { left: TemplateNode; right: TemplateNode }>
  | At<'Not', { target: TemplateNode }>
  | At<'Neg', { target: TemplateNode }>
  | At<'Compare', { expr: TemplateNode; ops: readonly (Place & { expr: TemplateNode; type: string })[] }>;

export type NodeName = TemplateNode['typename'];
export type NodeOf<Name extends NodeName> = Extract<TemplateNode, { typename: Name }>;

type Lexer = Place & { index: number; nextToken(): (Place & { type: string; value: unknown }) | null };
// The package's types leave out the parser, which is exported all the same.
const engine = nunjucks as unknown as {
  lexer: { lex(text: string): Lexer };
  parser: { parse(text: string): TemplateNode };
};

/** The words of a template in order. Throws `TemplateRefused` where not even words can be told apart. */
export function* readTokens(text: string): Generator<Token, void> {
  const lexer = engine.lexer.lex(text);
  while (true) {
    const start = lexer.index;
    const place = { lineno: lexer.lineno, colno: lexer.colno };
    const token = orRefuse(() => lexer.nextToken(), place);
    if (token === null) return;
    yield { ...place, type: token.type, value: token.value, start, end: lexer.index };
  }
}

/** The tree of a template, unchecked: it may hold any node of the language. Throws `TemplateRefused`. */
export function parseTemplate(text: string): TemplateNode {
  return orRefuse(() => engine.parser.parse(text), { lineno: 0, colno: 0 });
}

/** A refusal at a place of the template. */
export function refuseAt(place: Place, message: string): TemplateRefused {
  return new TemplateRefused({ message, line: place.lineno + 1, column: place.colno + 1 });
}

const SENTENCES: readonly [RegExp, string][] = [
  [/end of comment/, 'The signs “{#” and “#}” mark comments, which a message cannot have. Take them out.'],
  [
    /variable end/,
    'What stands between “{{” and “}}” must be one value, such as {{ name }} or {{ name|upper }}.',
  ],
  [/block end/, 'A “{% … %}” holds more, or less, than its condition. Write {% if vip %} or {% else %}.'],
];
const UNREADABLE =
  'This place cannot be read as a template. Check the braces, quotes and brackets around it.';

/** Whatever the parser throws, stack overflow included, becomes a refusal at the best place known. */
function orRefuse<T>(read: () => T, fallback: Place): T {
  try {
    return read();
  } catch (error) {
    const { message, lineno, colno } = error as { message?: unknown; lineno?: unknown; colno?: unknown };
    const known = typeof lineno === 'number' && typeof colno === 'number';
    const sentence = SENTENCES.find(([pattern]) => pattern.test(String(message)))?.[1] ?? UNREADABLE;
    throw refuseAt(known ? { lineno: lineno - 1, colno: colno - 1 } : fallback, sentence);
  }
}
