import type { AnsweredBy } from '#domain/call.ts';

/**
 * What a provider is to do with a call, in our own words (telephony.md §8): each adapter renders them in its language.
 * `converse` hands the call to the assistant over a socket: the greeting is spoken at once and cannot be talked over;
 * `nonce` lets that one session begin. `record` starts a dual-channel recording. `dial` puts the person through and comes
 * back to us when that ends.
 */
export type CallStep =
  | { kind: 'say'; text: string; voice: string; language: string }
  | { kind: 'pause'; seconds: number }
  | { kind: 'record' }
  | {
      kind: 'converse';
      nonce: string;
      greeting: string | null;
      voice: string;
      language: string;
      hints: string[];
    }
  | { kind: 'dial'; phoneNumber: string; callerId: string; ringSeconds: number }
  | { kind: 'hang_up' };

/** How a session of the assistant ended, as the provider tells it; `isLive` while somebody is still on the line. */
export type SessionEnd = {
  sessionRef: string | null;
  status: 'completed' | 'ended' | 'failed';
  /** What we ourselves said at the end of the session. */
  handoff: string | null;
  problem: string | null;
  isLive: boolean;
};

/**
 * What a provider asks us while a call runs; the answers are due within seconds. `token` names the call, and `ref` is the
 * provider's id: the first that asks for a token owns it, any other is told to hang up.
 */
export type CallDesk = {
  /**
   * Somebody, or something, picked up. `verdict` is known where detection came first, and `silentMs` how long they heard
   * nothing meanwhile, where the provider says so.
   */
  answer(call: {
    token: string;
    ref: string;
    verdict: AnsweredBy | null;
    silentMs?: number | null;
  }): Promise<CallStep[]>;
  /** The conversation has ended. */
  proceed(call: { token: string; ref: string; session: SessionEnd }): Promise<CallStep[]>;
  /** The person was put through, or nobody took the call. */
  afterDial(call: { token: string; ref: string; wasAnswered: boolean }): Promise<CallStep[]>;
  /** Somebody calls one of our numbers. */
  answerInbound(call: {
    ref: string;
    from: string;
    to: string;
  }): Promise<{ token: string; steps: CallStep[] }>;
};
