import type { OpenAI } from 'openai';
import type {
  ChatCompletionChunk,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions';
import {
  type LanguageModel,
  type ModelMessage,
  type ModelPiece,
  type ModelRequest,
  type ModelTool,
  type ModelToolCall,
  ModelUnavailable,
} from '#ports/model.ts';

/** Any endpoint that speaks the chat completions of OpenAI. `model` is the one used where an assistant names none. */
export type ModelAccess = { baseUrl: string; apiKey: string | null; model: string };

/** Longer than any turn may take; the conversation has its own budgets, far below. */
const DEADLINE_MS = 30_000;

/**
 * A language model behind an OpenAI-compatible endpoint, by the official client without its retries and its environment
 * variables. The client is loaded at once, so that nobody waits for it on the line.
 */
export function createOpenAiModel(access: ModelAccess): LanguageModel {
  const loading = loadClient(access);
  loading.catch(() => undefined);
  return {
    respond: (request) => respond(loading, access.model, request),
    complete: (request) => complete(loading, access.model, request),
  };
}

type Loaded = { client: OpenAI; kinds: readonly (readonly [new (...given: never[]) => Error, string])[] };

async function loadClient({ baseUrl, apiKey }: ModelAccess): Promise<Loaded> {
  const { OpenAI: Client } = await import('openai');
  const client = new Client({
    baseURL: baseUrl,
    apiKey: apiKey ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: DEADLINE_MS,
    logLevel: 'off',
    ...(apiKey === null ? { defaultHeaders: { Authorization: null } } : {}),
  });
  // The more special kinds first: they are kinds of the others.
  const kinds = [
    [Client.APIConnectionTimeoutError, 'timeout'],
    [Client.APIUserAbortError, 'aborted'],
    [Client.APIConnectionError, 'no connection'],
    [SyntaxError, 'unreadable answer'],
  ] as const;
  return { client, kinds };
}

async function* respond(
  loading: Promise<Loaded>,
  usual: string,
  { model, messages, tools, signal }: ModelRequest,
): AsyncGenerator<ModelPiece> {
  const calls = new Map<number, ModelToolCall>();
  let isWhole = false;
  const { client, kinds } = await loading;
  try {
    const stream = await client.chat.completions.create(
      {
        model: model ?? usual,
        messages: messages.map(messageParam),
        stream: true,
        ...(tools.length > 0 ? { tools: tools.map(toolParam) } : {}),
      },
      { signal },
    );
    for await (const { choices } of stream) {
      const [choice] = choices;
      if (!choice) continue;
      if (choice.delta.content) yield { kind: 'text', text: choice.delta.content };
      for (const part of choice.delta.tool_calls ?? []) addPart(calls, part);
      if (choice.finish_reason) isWhole = true;
    }
  } catch (error) {
    throw unavailable(error, kinds);
  }
  if (!isWhole) throw new ModelUnavailable('the answer broke off');
  for (const call of calls.values()) yield { kind: 'tool_call', call };
}

async function complete(
  loading: Promise<Loaded>,
  usual: string,
  { model, messages, signal }: Omit<ModelRequest, 'tools'>,
): Promise<string> {
  const { client, kinds } = await loading;
  try {
    const answer = await client.chat.completions.create(
      {
        model: model ?? usual,
        messages: messages.map(messageParam),
        response_format: { type: 'json_object' },
      },
      { signal },
    );
    const text = answer.choices[0]?.message.content;
    if (!text) throw new ModelUnavailable('the answer was empty');
    return text;
  } catch (error) {
    throw error instanceof ModelUnavailable ? error : unavailable(error, kinds);
  }
}

type CallPart = NonNullable<ChatCompletionChunk.Choice.Delta['tool_calls']>[number];

/** A tool call comes in fragments: its name first, its arguments in pieces (telephony.md §4). Some endpoints leave the index out. */
function addPart(calls: Map<number, ModelToolCall>, part: CallPart): void {
  const index = part.index ?? (part.id ? calls.size : Math.max(0, calls.size - 1));
  const known = calls.get(index) ?? { id: `call_${index}`, name: '', argumentsJson: '' };
  calls.set(index, {
    id: part.id ?? known.id,
    name: known.name + (part.function?.name ?? ''),
    argumentsJson: known.argumentsJson + (part.function?.arguments ?? ''),
  });
}

function messageParam(message: ModelMessage): ChatCompletionMessageParam {
  if (message.role === 'tool') {
    return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
  }
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  const { content, toolCalls = [] } = message;
  if (toolCalls.length === 0) return { role: 'assistant', content };
  return {
    role: 'assistant',
    content: content || null,
    tool_calls: toolCalls.map(({ id, name, argumentsJson }) => ({
      id,
      type: 'function',
      function: { name, arguments: argumentsJson },
    })),
  };
}

function toolParam({ name, description, parameters }: ModelTool): ChatCompletionTool {
  return { type: 'function', function: { name, description, parameters } };
}

/** The client's errors carry the conversation and headers: only a status or a kind leaves here. */
function unavailable(error: unknown, kinds: Loaded['kinds']): ModelUnavailable {
  const { status } = error as { status?: unknown };
  if (typeof status === 'number') return new ModelUnavailable(`status ${status}`);
  const known = kinds.find(([kind]) => error instanceof kind);
  return new ModelUnavailable(known?.[1] ?? 'no usable answer');
}
