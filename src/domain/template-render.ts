import {
  applyFilter,
  type Filter,
  type FilterSetting,
  findFilter,
  isBlank,
  type TemplateValue,
} from './filters.ts';
import { MAX_DEPTH, type NodeName, type NodeOf, refuseAt, type TemplateNode } from './template-syntax.ts';

/** The longest text a template gives, in UTF-16 code units; what would follow is cut. */
export const MAX_RENDERED = 20_000;

/** What one rendering may read: values by name in objects without a prototype, and nothing else. */
export type TemplateContext = FilterSetting & {
  readonly contact: Readonly<Record<string, TemplateValue>>;
  readonly fallbacks: Readonly<Record<string, TemplateValue>>;
  readonly defaults: Readonly<Record<string, TemplateValue>>;
};

/** A template ready to be rendered; `missing` collects the variables that nothing had a text for. */
export type Renderer = (context: TemplateContext, missing: Set<string>) => string;

/**
 * The render-time fence (design §8): builds a renderer from the tree, one small function per known node, and refuses
 * every other node, whether or not the tree was checked before. No code is generated: plain nunjucks writes names and
 * filters unescaped into source text, which is how a template could run code before any run-time guard is asked. There
 * is no call, no member access and no loop to reach, names are looked up in objects without a prototype, and every
 * filter's result is cut, so the work is bounded by the length of the template. Throws `TemplateRefused`.
 */
export function buildRenderer(tree: TemplateNode): Renderer {
  const print = buildAt(0)(tree, 'shown');
  return (context, missing) => textOf(print({ context, missing })).slice(0, MAX_RENDERED);
}

type Scope = { readonly context: TemplateContext; readonly missing: Set<string> };
type Evaluate = (scope: Scope) => TemplateValue;
/**
 * `own`: the contact's own value, for conditions and for what has a default of its own. `shown`: what is printed, with
 * every fallback (campaign-api §7.8), and noted as missing when there is none.
 */
type Mode = 'own' | 'shown';
type Build = (node: TemplateNode, mode: Mode) => Evaluate;
type Builder<Name extends NodeName> = (node: NodeOf<Name>, mode: Mode, build: Build) => Evaluate;

const BUILDERS: { readonly [Name in NodeName]: Builder<Name> } = {
  Root: buildSequence,
  NodeList: buildSequence,
  Output: buildSequence,
  Group: (node, mode, build) => {
    const [only, ...others] = node.children;
    if (only === undefined || others.length > 0)
      throw refuseAt(node, 'Brackets hold one value here, not a list.');
    return build(only, mode);
  },
  TemplateData: buildLiteral,
  Literal: buildLiteral,
  Symbol: buildVariable,
  Filter: buildFilter,
  If: buildChoice,
  InlineIf: buildChoice,
  And: (node, mode, build) => {
    const [left, right] = [build(node.left, 'own'), build(node.right, mode)];
    return (scope) => left(scope) && right(scope);
  },
  Or: (node, mode, build) => {
    const [left, right] = [build(node.left, 'own'), build(node.right, mode)];
    return (scope) => left(scope) || right(scope);
  },
  Not: (node, _, build) => {
    const target = build(node.target, 'own');
    return (scope) => !target(scope);
  },
  Neg: ({ target, ...place }) => {
    if (target.typename !== 'Literal' || typeof target.value !== 'number') {
      throw refuseAt(place, 'A minus can only stand before a number.');
    }
    const value = -target.value;
    return () => value;
  },
  Compare: buildComparison,
};

function buildAt(depth: number): Build {
  return (node, mode) => {
    const builder = Object.hasOwn(BUILDERS, node.typename)
      ? (BUILDERS[node.typename] as Builder<NodeName>)
      : undefined;
    if (builder === undefined || depth > MAX_DEPTH) {
      throw refuseAt(node, 'This is not available in a template. Use variables and filters.');
    }
    return builder(node, mode, buildAt(depth + 1));
  };
}

function buildSequence(
  node: { readonly children: readonly TemplateNode[] },
  mode: Mode,
  build: Build,
): Evaluate {
  const parts = node.children.map((child) => build(child, mode));
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return (scope) => {
    let text = '';
    for (const part of parts) {
      text += textOf(part(scope));
      if (text.length > MAX_RENDERED) break;
    }
    return text;
  };
}

function buildLiteral(node: NodeOf<'Literal' | 'TemplateData'>): Evaluate {
  const { value } = node;
  if (value === null) return () => '';
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw refuseAt(node, 'Only texts, numbers, true, false and none can be written out.');
  }
  return () => value;
}

function buildVariable(node: NodeOf<'Symbol'>, mode: Mode): Evaluate {
  const name = node.value;
  if (mode === 'own') return ({ context }) => context.contact[name] ?? '';
  return ({ context, missing }) => {
    const value = context.contact[name] ?? context.fallbacks[name] ?? context.defaults[name];
    if (value === undefined) missing.add(name);
    return value ?? '';
  };
}

function buildChoice(node: NodeOf<'If' | 'InlineIf'>, mode: Mode, build: Build): Evaluate {
  const condition = build(node.cond, 'own');
  const body = build(node.body, mode);
  const otherwise = node.else_ === null ? () => '' : build(node.else_, mode);
  return (scope) => (condition(scope) ? body(scope) : otherwise(scope));
}

function buildFilter(node: NodeOf<'Filter'>, mode: Mode, build: Build): Evaluate {
  const filter = node.name.typename === 'Symbol' ? findFilter(node.name.value) : undefined;
  const [target, ...args] = node.args.typename === 'NodeList' ? node.args.children : [];
  if (filter === undefined || target === undefined) throw refuseAt(node, 'There is no such filter.');
  if (filter.fillsMissing) return buildDefault(target, args[0], mode, build);
  return applied(
    filter,
    build(target, mode),
    args.map((arg) => build(arg, mode)),
  );
}

function applied(filter: Filter, target: Evaluate, args: readonly Evaluate[]): Evaluate {
  return (scope) => {
    const text = textOf(target(scope));
    if (isBlank(text)) return '';
    const values = args.map((arg) => arg(scope));
    return applyFilter(filter, text, values, scope.context);
  };
}

/**
 * An inline default written out is an answer, even an empty one. One that is a variable is asked with its own fallbacks;
 * when it has none either, the first variable's fallbacks decide.
 */
function buildDefault(
  target: TemplateNode,
  fallback: TemplateNode | undefined,
  mode: Mode,
  build: Build,
): Evaluate {
  const own = build(target, 'own');
  const written = fallback === undefined || fallback.typename === 'Literal';
  const instead = fallback === undefined ? () => '' : build(fallback, mode);
  const last = mode === 'shown' ? build(target, 'shown') : () => '';
  return (scope) => {
    const value = own(scope);
    if (!isBlank(textOf(value))) return value;
    const second = instead({ context: scope.context, missing: new Set() });
    return written || !isBlank(textOf(second)) ? second : last(scope);
  };
}

type Comparison = (left: TemplateValue, right: TemplateValue) => boolean;

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ['==', isEqual],
  ['===', isEqual],
  ['!=', (left, right) => !isEqual(left, right)],
  ['!==', (left, right) => !isEqual(left, right)],
  ['<', (left, right) => order(left, right) < 0],
  ['>', (left, right) => order(left, right) > 0],
  ['<=', (left, right) => order(left, right) <= 0],
  ['>=', (left, right) => order(left, right) >= 0],
]);

/** `a < b < c` holds when every neighbouring pair does. */
function buildComparison(node: NodeOf<'Compare'>, _: Mode, build: Build): Evaluate {
  const operands = [node.expr, ...node.ops.map((op) => op.expr)].map((operand) => build(operand, 'own'));
  const comparisons = node.ops.map((op) => {
    const comparison = COMPARISONS.get(op.type);
    if (comparison === undefined) throw refuseAt(node, 'There is no such comparison.');
    return comparison;
  });
  return (scope) => {
    const values = operands.map((operand) => operand(scope));
    return comparisons.every((holds, index) => holds(values[index] ?? '', values[index + 1] ?? ''));
  };
}

/** Values of a file are texts: `21`, `21.0` and the number 21 are equal, and so are `TRUE` and true. */
function isEqual(left: TemplateValue, right: TemplateValue): boolean {
  if (typeof left === 'boolean' || typeof right === 'boolean') {
    return textOf(left).toLowerCase() === textOf(right).toLowerCase();
  }
  const [leftNumber, rightNumber] = [numberOf(left), numberOf(right)];
  const numbers = leftNumber !== null && rightNumber !== null;
  return numbers ? leftNumber === rightNumber : textOf(left) === textOf(right);
}

/** Below, at or above zero; NaN, for which no comparison holds, when either side is missing. */
function order(left: TemplateValue, right: TemplateValue): number {
  const [leftText, rightText] = [textOf(left), textOf(right)];
  if (isBlank(leftText) || isBlank(rightText)) return Number.NaN;
  const [leftNumber, rightNumber] = [numberOf(left), numberOf(right)];
  if (leftNumber !== null && rightNumber !== null) return leftNumber - rightNumber;
  if (leftText === rightText) return 0;
  return leftText < rightText ? -1 : 1;
}

function numberOf(value: TemplateValue): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\s*[+-]?\d{1,15}(?:\.\d{1,15})?\s*$/.test(value)
    ? Number(value)
    : null;
}

function textOf(value: TemplateValue): string {
  return typeof value === 'string' ? value : String(value);
}
