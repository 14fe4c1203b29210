import { isBlank, type TemplateValue } from './filters.ts';
import { checkTree } from './template-check.ts';
import { buildRenderer, type Renderer, type TemplateContext } from './template-render.ts';
import { type TemplateProblem, TemplateRefused } from './template-syntax.ts';

/** An accepted template. `variables` is every name it uses, `needed` those that would leave a gap when missing. */
export type CompiledTemplate = {
  readonly variables: string[];
  readonly needed: string[];
  readonly run: Renderer;
};

export type TemplateCheck =
  | { ok: true; variables: string[]; needed: string[] }
  | { ok: false; problem: TemplateProblem };

/**
 * What a rendering draws from: the contact's values and number, the campaign's `fallback_values`, the workspace's
 * company name and the assistant's name.
 */
export type TemplateSource = {
  values: Readonly<Record<string, unknown>>;
  phoneNumber?: string;
  fallbackValues?: Readonly<Record<string, unknown>>;
  companyName?: string | null;
  assistantName?: string | null;
};

/** What every template may say when nothing else is known (campaign-api §2.4). */
export const SYSTEM_DEFAULTS = { name: 'there', company: 'our company', assistant_name: 'your assistant' };

/**
 * Whether a template may be saved (campaign-api §7.9). With `knownVariables`, the names that contacts and fallbacks
 * have, names nobody has are refused with the nearest one; without, only the syntax is judged.
 */
export function checkTemplate(text: string, knownVariables?: Iterable<string>): TemplateCheck {
  try {
    const { variables, needed } = checkTree(text, knownVariables);
    return { ok: true, variables, needed };
  } catch (error) {
    if (error instanceof TemplateRefused) return { ok: false, problem: error.problem };
    throw error;
  }
}

/**
 * A template ready for any number of contacts, checked again by both fences; the last few hundred texts are remembered.
 * Throws `TemplateRefused`, which saving has ruled out.
 */
export function compileTemplate(text: string): CompiledTemplate {
  const remembered = compiled.get(text);
  compiled.delete(text);
  const template = remembered ?? compile(text);
  compiled.set(text, template);
  const [oldest] = compiled.keys();
  if (compiled.size > MAX_REMEMBERED && oldest !== undefined) compiled.delete(oldest);
  return template;
}

/** The text for one contact, and the variables that nothing had a value for (campaign-api §7.8). Never throws. */
export function renderTemplate(
  template: CompiledTemplate,
  context: TemplateContext,
): { text: string; missing: string[] } {
  const missing = new Set<string>();
  const text = template.run(context, missing);
  return { text, missing: [...missing] };
}

/** Prepares one contact's values for rendering: texts and numbers only, blanks left out, no prototype to reach. */
export function templateContext(source: TemplateSource): TemplateContext {
  const { values, phoneNumber, fallbackValues = {}, companyName, assistantName } = source;
  return {
    contact: plainValues({ phone_number: phoneNumber, assistant_name: assistantName }, values),
    fallbacks: plainValues(fallbackValues),
    defaults: plainValues(SYSTEM_DEFAULTS, { company: companyName }),
    phoneNumber,
  };
}

/**
 * The answer of the template preview (campaign-api §2.5): the text, or
 * `[Template Error: <reason>] <original template>`. Never throws.
 */
export function previewTemplate(text: string, source: TemplateSource): { ok: boolean; text: string } {
  const check = checkTemplate(text);
  if (!check.ok) return { ok: false, text: `[Template Error: ${check.problem.message}] ${text}` };
  return { ok: true, text: renderTemplate(compileTemplate(text), templateContext(source)).text };
}

const MAX_REMEMBERED = 300;
/** The longest value a template prints, in UTF-16 code units. */
const MAX_VALUE = 10_000;
const compiled = new Map<string, CompiledTemplate>();

function compile(text: string): CompiledTemplate {
  const { tree, variables, needed } = checkTree(text);
  return { variables, needed, run: buildRenderer(tree) };
}

/** Later sources win where they have a value. */
function plainValues(
  ...sources: readonly Readonly<Record<string, unknown>>[]
): Record<string, TemplateValue> {
  const plain: Record<string, TemplateValue> = Object.create(null);
  for (const source of sources) {
    for (const name of Object.keys(source)) {
      const value = source[name];
      if (typeof value === 'string' && !isBlank(value)) plain[name] = value.slice(0, MAX_VALUE);
      else if (typeof value === 'number' && Number.isFinite(value)) plain[name] = value;
    }
  }
  return plain;
}
