/** One message of a chat with a language model, as every OpenAI-compatible endpoint takes it. */
export type ModelMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls?: ModelToolCall[] }
  | { role: 'tool'; toolCallId: string; content: string };

export type ModelToolCall = { id: string; name: string; argumentsJson: string };

/** What a model may do; `parameters` is a JSON schema. */
export type ModelTool = { name: string; description: string; parameters: Record<string, unknown> };

/** A piece of the answer: words as they come, or a whole tool call once all of it has arrived. */
export type ModelPiece = { kind: 'text'; text: string } | { kind: 'tool_call'; call: ModelToolCall };

export type ModelRequest = {
  /** Null: the model of the deployment. */
  model: string | null;
  messages: ModelMessage[];
  tools: ModelTool[];
  signal: AbortSignal;
};

/** A language model behind an OpenAI-compatible endpoint. It is asked once; nothing is retried. */
export type LanguageModel = {
  /** The answer, piece by piece. Throws `ModelUnavailable` when there is none or it breaks off. */
  respond(request: ModelRequest): AsyncIterable<ModelPiece>;
  /** A whole answer as a JSON text. Throws `ModelUnavailable`. */
  complete(request: Omit<ModelRequest, 'tools'>): Promise<string>;
};

/** The model gave no usable answer; `cause` names the reason without the words of the conversation. */
export class ModelUnavailable extends Error {
  override name = 'ModelUnavailable';
}
