import { eq } from 'drizzle-orm/sql';
import { createConversations } from '#assistant/conversations.ts';
import type { Timers } from '#assistant/timers.ts';
import { assistants, calls, callTurns } from '#db/call-schema.ts';
import { contacts } from '#db/schema.ts';
import type { CallScript, TransferTarget } from '#domain/call.ts';
import { createTurnKeeper } from '#operations/turn-keeper.ts';
import type { ConversationListener, ConversationTransport } from '#ports/conversation.ts';
import type { LanguageModel, ModelPiece, ModelRequest } from '#ports/model.ts';
import { CALL_SCRIPT } from '#support/call-script.ts';
import { createEngine, type Engine, phones } from '#support/engine.ts';

/** Waits that only a test ends. */
export function manualTimers() {
  let waiting: { kind: 'product' | 'real'; ms: number; then: () => void }[] = [];
  const wait = (kind: 'product' | 'real') => (ms: number, then: () => void) => {
    const one = { kind, ms, then };
    waiting.push(one);
    return () => {
      waiting = waiting.filter((other) => other !== one);
    };
  };
  const timers: Timers = { inProduct: wait('product'), inReal: wait('real') };
  return {
    timers,
    /** Lets everything of a kind happen that is due within these milliseconds. */
    pass(kind: 'product' | 'real', ms: number) {
      const due = waiting.filter((one) => one.kind === kind && one.ms <= ms);
      waiting = waiting
        .filter((one) => !due.includes(one))
        .map((one) => (one.kind === kind ? { ...one, ms: one.ms - ms } : one));
      for (const { then } of due) then();
    },
    get count() {
      return waiting.length;
    },
  };
}

/** The line as the provider’s end of it: what was said into it and how it ended. */
export function recordingLine() {
  const line = {
    said: [] as string[],
    open: '',
    ended: [] as string[],
    closed: [] as string[],
    afterEnd: 0,
    transport: {
      say(text, { isLast }) {
        if (line.ended.length > 0) line.afterEnd += 1;
        line.open += text;
        if (isLast) {
          line.said.push(line.open);
          line.open = '';
        }
      },
      sendDigits() {},
      end(handoff) {
        line.ended.push(handoff);
      },
      close(reason) {
        line.closed.push(reason);
      },
    } as ConversationTransport,
  };
  return line;
}

/** A model that answers as it is told, one script for each request. */
export function fakeModel(answers: ((request: ModelRequest) => AsyncIterable<ModelPiece>)[] = []) {
  const model = {
    requests: [] as ModelRequest[],
    answers,
    respond(request: ModelRequest) {
      model.requests.push(structuredClone({ ...request, signal: undefined }) as unknown as ModelRequest);
      const answer = model.answers.shift();
      if (!answer) throw new Error('the test has no further answer');
      return answer(request);
    },
    async complete() {
      return '{"summary":"They said hello."}';
    },
  };
  return model satisfies LanguageModel;
}

export async function* words(...pieces: string[]): AsyncGenerator<ModelPiece> {
  for (const text of pieces) yield { kind: 'text', text };
}

let made = 0;

export type TalkOptions = {
  script?: Partial<CallScript>;
  targets?: TransferTarget[];
  isScripted?: boolean;
  direction?: 'inbound' | 'outbound';
  template?: string;
};

/** Conversations over a real database, with line, timers and model in the test’s hands. */
export async function createTalkWorld() {
  const engine = await createEngine();
  const clocks = manualTimers();
  const keeper = createTurnKeeper(engine.deps);
  let converse = createConversations(engine.deps, clocks.timers, keeper);
  return {
    engine,
    clocks,
    use(model: LanguageModel | null) {
      engine.deps.model = model;
      converse = createConversations(engine.deps, clocks.timers, keeper);
    },
    /** A call that was answered and waits for its session. */
    call: (options: TalkOptions = {}) => makeCall(engine, options),
    open: async (call: { nonce: string; ref: string; session?: string }, line = recordingLine()) => {
      const listener = await converse(
        { nonce: call.nonce, ref: call.ref, sessionRef: call.session ?? `VX-${call.ref}`, from: '', to: '' },
        line.transport,
      );
      return { line, listener };
    },
    row: async (id: number) => {
      const [row] = await engine.deps.db.select().from(calls).where(eq(calls.id, id));
      if (!row) throw new Error('no call');
      return row;
    },
    turns: async (id: number) => {
      await keeper.flush();
      return engine.deps.db.select().from(callTurns).where(eq(callTurns.callId, id)).orderBy(callTurns.seq);
    },
    stored: () => keeper.flush(),
  };
}
export type TalkWorld = Awaited<ReturnType<typeof createTalkWorld>>;

async function makeCall({ deps, campaign, workspace }: Engine, options: TalkOptions) {
  made += 1;
  const [phone = ''] = phones(1, made);
  const campaignId = await campaign({ phones: [phone], template: options.template });
  const [contact] = await deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
  const now = deps.clock.now();
  const [assistant] = await deps.db
    .insert(assistants)
    .values({
      workspaceId: workspace.id,
      name: `Mia ${made}`,
      voice: 'joanna',
      language: 'en-US',
      isScripted: options.isScripted ?? false,
      transferTargets: options.targets ?? [],
      createdBy: 'test',
      createdAt: now,
      updatedAt: now,
    })
    .returning();
  const nonce = `nonce-${made}`;
  const ref = `CA${made}`;
  const [call] = await deps.db
    .insert(calls)
    .values({
      token: `call-${made}`,
      workspaceId: workspace.id,
      campaignId,
      contactId: contact?.id ?? null,
      assistantId: assistant?.id ?? null,
      direction: options.direction ?? 'inbound',
      provider: deps.telephony.provider,
      providerRef: ref,
      contactNumber: phone,
      ourNumber: '+15005550006',
      script: { ...CALL_SCRIPT, ...options.script },
      sessionNonce: nonce,
      sessionNonceUntil: deps.clock.realDelay(60_000),
      createdAt: now,
    })
    .returning();
  if (!call) throw new Error('no call was made');
  return { id: call.id, nonce, ref, phone, campaignId, contactId: contact?.id ?? 0 };
}

type Settling = ConversationListener & { settled(): Promise<void> };

/** A person on the line: what they say is dealt with when a promise resolves. */
export function person(listener: ConversationListener | null, clocks: ReturnType<typeof manualTimers>) {
  const session = listener as Settling;
  const settled = async () => {
    let before: Promise<void> | null = null;
    while (before !== session.settled()) {
      before = session.settled();
      await before;
      await new Promise((done) => setImmediate(done));
    }
  };
  return {
    session,
    settled,
    /** The assistant’s words have been spoken. */
    async listens() {
      session.onSpeaking('assistant', true);
      session.onSpeaking('assistant', false);
      await settled();
    },
    async says(text: string, isDuringSpeech = false) {
      session.onUtterance({ text, isFinal: true, isDuringSpeech, language: null });
      await settled();
    },
    async presses(digit: string) {
      session.onDigit(digit);
      await settled();
    },
    async cutsIn(heardText: string) {
      session.onInterrupt({ heardText, afterMs: 500 });
      await settled();
    },
    async isSilent(ms = 8_000) {
      clocks.pass('product', ms);
      await settled();
    },
    async hangsUp() {
      session.onClose();
      await settled();
    },
  };
}
