import { afterEach, describe, expect, test } from 'vitest';
import { createOpenAiModel } from '#assistant/openai-model.ts';
import { type ModelMessage, type ModelPiece, ModelUnavailable } from '#ports/model.ts';
import { type ModelOptions, startModelStandIn } from '#sandbox/model/model.ts';

const TOOLS = ['record_answer', 'schedule_callback', 'end_call'].map((name) => ({
  name,
  description: name,
  parameters: { type: 'object', properties: {} },
}));

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(options: ModelOptions = {}) {
  const { standIn, baseUrl, close } = await startModelStandIn({ apiKey: 'key-1', ...options });
  closers.push(close);
  return { standIn, baseUrl, model: createOpenAiModel({ baseUrl, apiKey: 'key-1', model: 'usual' }) };
}

function ask(text: string) {
  const messages: ModelMessage[] = [
    { role: 'system', content: 'You call people.' },
    { role: 'user', content: text },
  ];
  return { model: null, messages, tools: TOOLS, signal: new AbortController().signal };
}

async function read(pieces: AsyncIterable<ModelPiece>): Promise<ModelPiece[]> {
  const all: ModelPiece[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

const textOf = (pieces: ModelPiece[]) =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');

describe('an answer', () => {
  test('comes word by word with its spaces', async () => {
    const { model, standIn } = await start();
    const pieces = await read(model.respond(ask('hm')));
    expect(pieces.length).toBeGreaterThan(5);
    expect(textOf(pieces)).toBe('I see. Could you tell me a little more about that?');
    expect(standIn.requests[0]).toMatchObject({ model: 'usual', stream: true });
  });

  test('puts the fragments of a tool call together', async () => {
    const { model } = await start();
    const pieces = await read(model.respond(ask('Yes.')));
    const calls = pieces.flatMap((piece) => (piece.kind === 'tool_call' ? [piece.call] : []));
    expect(calls).toEqual([
      {
        id: expect.stringMatching(/^call_/),
        name: 'record_answer',
        argumentsJson: '{"key":"interested","value":"yes"}',
      },
    ]);
  });

  test('keeps several tool calls of one turn apart, and what was called before in the next request', async () => {
    const answer = () => ({
      text: '',
      calls: [
        { name: 'record_answer', arguments: { key: 'a', value: '1' } },
        { name: 'end_call', arguments: { outcome: 'answered' } },
      ],
    });
    const { model, standIn } = await start({ answer });
    const request = ask('x');
    const pieces = await read(model.respond(request));
    const calls = pieces.flatMap((piece) => (piece.kind === 'tool_call' ? [piece.call] : []));
    expect(calls.map(({ name, argumentsJson }) => [name, JSON.parse(argumentsJson)])).toEqual([
      ['record_answer', { key: 'a', value: '1' }],
      ['end_call', { outcome: 'answered' }],
    ]);
    const results: ModelMessage[] = calls.map(({ id }) => ({
      role: 'tool',
      toolCallId: id,
      content: 'done',
    }));
    const messages: ModelMessage[] = [
      ...request.messages,
      { role: 'assistant', content: '', toolCalls: calls },
      ...results,
    ];
    await read(model.respond({ ...request, messages }));
    expect(standIn.requests.at(-1)).toMatchObject({
      messages: [
        {},
        {},
        { role: 'assistant', content: null, tool_calls: calls.map(({ id }) => ({ id, type: 'function' })) },
        { role: 'tool', tool_call_id: calls[0]?.id },
        { role: 'tool', tool_call_id: calls[1]?.id },
      ],
    });
  });

  test('as a whole is asked for as JSON', async () => {
    const { model, standIn } = await start({ answer: () => ({ text: '{"summary":"fine"}' }) });
    const { tools: _, ...request } = ask('sum up');
    expect(await model.complete({ ...request, model: 'other' })).toBe('{"summary":"fine"}');
    expect(standIn.requests[0]).toMatchObject({ model: 'other', response_format: { type: 'json_object' } });
  });
});

describe('no answer', () => {
  test.each([
    ['failing', 'status 500'],
    ['busy', 'status 429'],
    ['broken', 'no usable answer'],
    ['garbage', 'unreadable answer'],
  ] as const)(
    'when it is %s: “%s”, asked once, without the words of the conversation',
    async (mode, cause) => {
      const { model, standIn } = await start();
      standIn.mode = mode;
      const error = await read(model.respond(ask('my secret words'))).catch((problem: unknown) => problem);
      expect(error).toBeInstanceOf(ModelUnavailable);
      expect(String(error)).toContain(cause);
      expect(JSON.stringify(error) + String(error)).not.toMatch(/secret|key-1/);
      expect(standIn.requests).toHaveLength(1);
    },
  );

  test('when the key is wrong', async () => {
    const { baseUrl } = await start();
    const model = createOpenAiModel({ baseUrl, apiKey: 'wrong', model: 'm' });
    await expect(read(model.respond(ask('x')))).rejects.toThrow('status 401');
  });

  test('when nobody listens there', async () => {
    const model = createOpenAiModel({ baseUrl: 'http://127.0.0.1:1/v1', apiKey: null, model: 'm' });
    await expect(read(model.respond(ask('x')))).rejects.toThrow('no connection');
  });

  test('when the person cuts in: the request is dropped at once', async () => {
    const { model, standIn } = await start();
    standIn.mode = 'silent';
    const cut = new AbortController();
    const reading = read(model.respond({ ...ask('x'), signal: cut.signal }));
    setTimeout(() => cut.abort(), 20);
    await expect(reading).rejects.toThrow(ModelUnavailable);
  });

  test('when the whole answer is empty', async () => {
    const { model } = await start({ answer: () => ({ text: '' }) });
    await expect(model.complete(ask('x'))).rejects.toThrow('the answer was empty');
  });
});
