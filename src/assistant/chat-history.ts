import type { ModelMessage, ModelToolCall } from '#ports/model.ts';

type AssistantMessage = { role: 'assistant'; content: string; toolCalls?: ModelToolCall[] };

/** The conversation as a model is shown it: what was heard, not what was sent. */
export class ChatHistory {
  readonly #messages: ModelMessage[] = [];

  /** The whole conversation; what a person said in several goes is one message. */
  messages(system: string): ModelMessage[] {
    const merged: ModelMessage[] = [{ role: 'system', content: system }];
    for (const message of this.#messages) {
      const last = merged.at(-1);
      if (message.role === 'user' && last?.role === 'user') {
        merged[merged.length - 1] = { role: 'user', content: `${last.content}\n${message.content}` };
      } else if (message.role !== 'assistant' || message.content !== '' || message.toolCalls) {
        merged.push(message);
      }
    }
    return merged;
  }

  heard(text: string): void {
    this.#messages.push({ role: 'user', content: text });
  }

  /** A message of the assistant, whose words may still come or be cut. */
  said(content: string): AssistantMessage {
    const message: AssistantMessage = { role: 'assistant', content };
    this.#messages.push(message);
    return message;
  }

  /** What a tool answered; it follows the message that called it. */
  answered(toolCallId: string, result: unknown): void {
    this.#messages.push({ role: 'tool', toolCallId, content: JSON.stringify(result) });
  }
}
