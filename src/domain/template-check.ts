import { FILTERS, type Filter, type FilterArgument, findFilter, nearestFilter } from './filters.ts';
import { nearestWord } from './nearest-word.ts';
import {
  MAX_DEPTH,
  type NodeName,
  type NodeOf,
  type Place,
  parseTemplate,
  refuseAt,
  type TemplateNode,
} from './template-syntax.ts';
import { checkTokens } from './template-tokens.ts';

/** Variables that every contact has a word for (campaign-api §2.4, §7.8), whatever was imported. */
const SYSTEM_VARIABLES = ['name', 'company', 'assistant_name', 'phone_number'] as const;

/** An accepted template. `needed` are the variables that would leave a gap: printed without a text of their own. */
type CheckedTemplate = { tree: TemplateNode; variables: string[]; needed: string[] };

/**
 * The save-time fence (design §8): only the syntax of campaign-api §7.9 passes, told apart by an allow-list on the
 * parsed tree. With `knownVariables`, a name that no contact has is refused too, unless it brings its own
 * `default(…)` and is not a slip of a known one. Throws `TemplateRefused`.
 */
export function checkTree(text: string, knownVariables?: Iterable<string>): CheckedTemplate {
  const known = knownVariables && new Set([...SYSTEM_VARIABLES, ...knownVariables]);
  checkTokens(text, known);
  const tree = parseTemplate(text);
  const walk: Walk = { known, variables: new Set(), needed: new Set(), depth: 0 };
  visit(tree, walk, { optional: false, printed: true, sure: new Set() });
  return { tree, variables: [...walk.variables], needed: [...walk.needed] };
}

type Walk = {
  known: ReadonlySet<string> | undefined;
  variables: Set<string>;
  needed: Set<string>;
  depth: number;
};
/** Where a value stands: with a default of its own, printed at all, and which variables are surely there. */
type Setting = { optional: boolean; printed: boolean; sure: ReadonlySet<string> };
type Visitor<Name extends NodeName> = (node: NodeOf<Name>, walk: Walk, setting: Setting) => void;

const VISITORS: { readonly [Name in NodeName]: Visitor<Name> } = {
  Root: visitChildren,
  NodeList: visitChildren,
  Output: visitChildren,
  Group: (node, walk, setting) => {
    if (node.children.length !== 1) throw refuseAt(node, 'Brackets hold one value here, not a list.');
    visitChildren(node, walk, setting);
  },
  TemplateData: () => {},
  Literal: (node) => {
    const plain = node.value === null || ['string', 'number', 'boolean'].includes(typeof node.value);
    if (!plain) throw refuseAt(node, 'Only texts, numbers, true, false and none can be written out.');
  },
  Symbol: visitVariable,
  Filter: visitFilter,
  If: visitChoice,
  InlineIf: visitChoice,
  And: (node, walk, setting) => {
    visit(node.left, walk, { ...setting, printed: false });
    visit(node.right, walk, { ...setting, sure: sureAfter(node.left, setting.sure) });
  },
  Or: (node, walk, setting) => {
    visit(node.left, walk, { ...setting, printed: false });
    visit(node.right, walk, setting);
  },
  Not: (node, walk, setting) => visit(node.target, walk, { ...setting, printed: false }),
  Neg: (node) => {
    const { target } = node;
    if (target.typename === 'Literal' && typeof target.value === 'number') return;
    throw refuseAt(node, 'Templates cannot calculate. A minus can only stand before a number such as -5.');
  },
  Compare: (node, walk, setting) => {
    for (const part of [node.expr, ...node.ops.map((op) => op.expr)]) {
      visit(part, walk, { ...setting, printed: false });
    }
  },
};

const CALCULATION = 'Templates cannot calculate. Put the finished value into a column of the file.';
const REFUSALS: Readonly<Record<string, string>> = {
  LookupVal: 'Only plain variables can be used: {{ company }}, not {{ contact.company }}.',
  FunCall: "Templates cannot call functions. Brackets follow a filter: {{ name|default('there') }}.",
  KeywordArgs: "Write the value alone in the brackets: default('there'), not default(value='there').",
  In: 'The word “in” is not available. Compare with == instead.',
  Is: 'The word “is” is not available. Write {% if name %} to ask whether there is a value.',
  Add: CALCULATION,
  Sub: CALCULATION,
  Mul: CALCULATION,
  Div: CALCULATION,
  FloorDiv: CALCULATION,
  Mod: CALCULATION,
  Pow: CALCULATION,
  Pos: CALCULATION,
};

function visit(node: TemplateNode, walk: Walk, setting: Setting): void {
  const visitor = Object.hasOwn(VISITORS, node.typename)
    ? (VISITORS[node.typename] as Visitor<NodeName>)
    : undefined;
  if (visitor === undefined) {
    throw refuseAt(
      node,
      REFUSALS[node.typename] ?? 'This is not available in a template. Use variables and filters.',
    );
  }
  walk.depth += 1;
  if (walk.depth > MAX_DEPTH) throw refuseAt(node, 'This value is too deeply nested. Make it simpler.');
  visitor(node, walk, setting);
  walk.depth -= 1;
}

function visitChildren(node: { children: readonly TemplateNode[] }, walk: Walk, setting: Setting): void {
  for (const child of node.children) visit(child, walk, setting);
}

function visitChoice(node: NodeOf<'If' | 'InlineIf'>, walk: Walk, setting: Setting): void {
  visit(node.cond, walk, { ...setting, printed: false });
  visit(node.body, walk, { ...setting, sure: sureAfter(node.cond, setting.sure) });
  if (node.else_ !== null) visit(node.else_, walk, setting);
}

/** The variables that have a value whenever this condition holds. */
function sureAfter(condition: TemplateNode, sure: ReadonlySet<string>): ReadonlySet<string> {
  if (condition.typename === 'Symbol') return new Set([...sure, condition.value]);
  if (condition.typename === 'And') return sureAfter(condition.right, sureAfter(condition.left, sure));
  return sure;
}

function visitVariable(node: NodeOf<'Symbol'>, walk: Walk, setting: Setting): void {
  const name = node.value;
  if (name in Object.prototype || name === 'prototype' || name.startsWith('__')) {
    throw refuseAt(node, `“${name}” cannot be the name of a variable. Choose another one.`);
  }
  if (RESERVED.has(name))
    throw refuseAt(node, `“${name}” is a word of the template language, not a variable.`);
  if (walk.known !== undefined && !walk.known.has(name)) refuseUnknown(node, walk.known, setting);
  walk.variables.add(name);
  if (setting.printed && !setting.optional && !setting.sure.has(name)) walk.needed.add(name);
}

const RESERVED = new Set(['if', 'elif', 'else', 'endif', 'and', 'or', 'not', 'in', 'is']);
const NAMES_SHOWN = 12;

function refuseUnknown(node: NodeOf<'Symbol'>, known: ReadonlySet<string>, setting: Setting): void {
  const near = nearestWord(node.value, known);
  if (near !== undefined)
    throw refuseAt(node, `There is no variable “${node.value}”. Did you mean “${near}”?`);
  if (setting.optional) return;
  const names = [...known].slice(0, NAMES_SHOWN).join(', ');
  const more = known.size > NAMES_SHOWN ? ` and ${known.size - NAMES_SHOWN} more` : '';
  throw refuseAt(node, `There is no variable “${node.value}”. Available are ${names}${more}.`);
}

function visitFilter(node: NodeOf<'Filter'>, walk: Walk, setting: Setting): void {
  const name = node.name.typename === 'Symbol' ? node.name.value : '';
  const filter = findFilter(name);
  if (filter === undefined) throw refuseUnknownFilter(node, name);
  const [target, ...args] = node.args.typename === 'NodeList' ? node.args.children : [];
  if (target === undefined) throw refuseAt(node, `“${name}” needs a value before it: {{ name|${name} }}.`);
  checkArguments(node, name, filter, args);
  visit(target, walk, filter.fillsMissing ? { ...setting, optional: true } : setting);
  for (const arg of args) visit(arg, walk, { ...setting, printed: setting.printed && !setting.optional });
}

function refuseUnknownFilter(node: Place, name: string): Error {
  const near = nearestFilter(name);
  const shown = name.length > 64 ? 'of that name' : `“${name}”`;
  const hint =
    near === undefined ? `Those there are: ${Object.keys(FILTERS).join(', ')}.` : `Did you mean “${near}”?`;
  return refuseAt(node, `There is no filter ${shown}. ${hint}`);
}

function checkArguments(node: Place, name: string, filter: Filter, args: readonly TemplateNode[]): void {
  const required = filter.arguments.filter((argument) => !argument.optional);
  if (args.length < required.length || args.length > filter.arguments.length) {
    throw refuseAt(node, `“${name}” is written like this: ${filter.example}.`);
  }
  for (const [index, arg] of args.entries()) {
    const argument = filter.arguments[index];
    if (argument !== undefined) checkArgument(arg, name, argument);
  }
}

function checkArgument(arg: TemplateNode, filterName: string, argument: FilterArgument): void {
  const literal = arg.typename === 'Literal' ? arg.value : undefined;
  if (argument.kind === 'value') {
    if (!argument.refusesEmpty || literal !== '') return;
    throw refuseAt(arg, `“${filterName}” needs a text to look for between the quotes.`);
  }
  const { min, max } = argument;
  const fits = typeof literal === 'number' && Number.isInteger(literal) && literal >= min && literal <= max;
  if (!fits) throw refuseAt(arg, `“${filterName}” needs a whole number from ${min} to ${max}.`);
}
