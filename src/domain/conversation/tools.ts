import type { ToolName } from './talk.ts';

/** What a model may do, as it is told: a name, when to use it, and the JSON schema of its arguments. */
export type ToolDescription = { name: ToolName; description: string; parameters: Record<string, unknown> };

/** What a tool may be used with on this call. */
export type ToolScope = {
  transferTargets: readonly { key: string; label: string }[];
  hasFollowUpText: boolean;
  canCallBack: boolean;
};

/** Arguments that were read, or why they cannot be used, as a sentence for the model. */
export type ReadTool =
  | { ok: true; tool: ToolName; arguments: Record<string, string> }
  | { ok: false; problem: string };

/** The tools of one call. Transfers and texts are only named where there is somebody to transfer to and a text to send. */
export function toolsFor(scope: ToolScope): ToolDescription[] {
  return Object.entries(TOOLS(scope))
    .filter(([, tool]) => tool.isThere)
    .map(([name, { description, fields }]) => ({
      name: name as ToolName,
      description,
      parameters: schemaOf(fields),
    }));
}

/** Checks what a model wants to do: a tool of this call, with exactly its arguments, each a text of bearable length. */
export function readToolUse(name: string, argumentsJson: string, scope: ToolScope): ReadTool {
  const tool = Object.hasOwn(TOOLS(scope), name) ? TOOLS(scope)[name as ToolName] : null;
  if (!tool?.isThere) return { ok: false, problem: `There is no tool ${name.slice(0, 40)} on this call.` };
  const given = parsed(argumentsJson);
  if (!given) return { ok: false, problem: 'The arguments are not a JSON object.' };
  const values: Record<string, string> = {};
  for (const [field, rule] of Object.entries(tool.fields)) {
    const value = given[field];
    if (value === undefined || value === null || value === '') {
      if (rule.isOptional) continue;
      return { ok: false, problem: `“${field}” is missing.` };
    }
    if (!['string', 'number', 'boolean'].includes(typeof value))
      return { ok: false, problem: `“${field}” must be a text.` };
    const text = String(value).trim().slice(0, LONGEST_VALUE);
    if (rule.choices && !rule.choices.includes(text)) {
      return { ok: false, problem: `“${field}” must be one of: ${rule.choices.join(', ')}.` };
    }
    values[field] = text;
  }
  return { ok: true, tool: name as ToolName, arguments: values };
}

const LONGEST_VALUE = 500;

type Field = { description: string; choices?: readonly string[]; isOptional?: true };
type Tool = { isThere: boolean; description: string; fields: Record<string, Field> };

const TOOLS = ({ transferTargets, hasFollowUpText, canCallBack }: ToolScope): Record<ToolName, Tool> => ({
  end_call: {
    isThere: true,
    description: 'End the call after you have said goodbye.',
    fields: {
      outcome: {
        description: 'What came of it.',
        choices: ['yes', 'no', 'answered', 'wrong_number', 'complaint'],
      },
      summary: { description: 'One or two sentences on the call for colleagues.' },
    },
  },
  mark_do_not_call: {
    isThere: true,
    description: 'They do not want to be contacted again. Use it at once, without asking why.',
    fields: {
      channel: {
        description: 'What they no longer want; all when in doubt.',
        choices: ['voice', 'sms', 'all'],
      },
      quote: { description: 'Their own words.' },
    },
  },
  schedule_callback: {
    isThere: canCallBack,
    description: 'They want to be called again at another time. The answer says for when it was noted.',
    fields: {
      local_time: { description: 'Their time as YYYY-MM-DDTHH:MM, on their own clock.' },
      zone: { description: 'An IANA time zone, only if they named a place.', isOptional: true },
      note: { description: 'What the next call is about.', isOptional: true },
    },
  },
  transfer: {
    isThere: transferTargets.length > 0,
    description: `Put them through to a person: ${transferTargets.map(({ key, label }) => `${key} is ${label}`).join(', ')}.`,
    fields: { target_key: { description: 'To whom.', choices: transferTargets.map(({ key }) => key) } },
  },
  record_answer: {
    isThere: true,
    description: 'Note an answer they gave.',
    fields: {
      key: { description: 'A short name of the question, like appointment_day.' },
      value: { description: 'What they answered.' },
    },
  },
  send_followup_sms: {
    isThere: hasFollowUpText,
    description: 'Send them the campaign’s text message, if they agreed to get it.',
    fields: { template_key: { description: 'Which text.', choices: ['campaign'] } },
  },
});

function schemaOf(fields: Record<string, Field>): Record<string, unknown> {
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, { description, choices }]) => [
        name,
        { type: 'string', description, ...(choices ? { enum: choices } : {}) },
      ]),
    ),
    required: Object.entries(fields).flatMap(([name, field]) => (field.isOptional ? [] : [name])),
    additionalProperties: false,
  };
}

function parsed(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json === '' ? '{}' : json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
