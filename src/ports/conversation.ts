/** What we can do on the line while the assistant talks. Everything is queued in order; nothing here waits or throws. */
export type ConversationTransport = {
  /** A piece of speech; `isLast` closes the turn. */
  say(text: string, options: { isLast: boolean }): void;
  sendDigits(digits: string): void;
  /** Ends the session; what is still being spoken is lost, so wait for it. `handoff` comes back to `CallDesk.proceed`. */
  end(handoff: string): void;
  /** Drops the line's socket at once, as a refusal. */
  close(reason: string): void;
};

/** What is heard on the line. Called in order, one at a time, never concurrently by the transport. */
export type ConversationListener = {
  /** Something a person said. `isFinal` is false for what may still change. */
  onUtterance(heard: {
    text: string;
    isFinal: boolean;
    isDuringSpeech: boolean;
    language: string | null;
  }): void;
  /** The person cut in: all queued speech is gone, and `heardText` is exactly what they heard of it. */
  onInterrupt(cut: { heardText: string; afterMs: number }): void;
  onDigit(digit: string): void;
  /** The assistant or the person began or stopped speaking. */
  onSpeaking(who: 'assistant' | 'contact', isSpeaking: boolean): void;
  /** A clause that was really spoken. */
  onPlayed(text: string): void;
  /** The provider did not understand us or could not go on. */
  onProblem(description: string): void;
  /** The socket is gone, whoever closed it. */
  onClose(): void;
};

/** What a session says of itself when it begins. */
export type SessionOpening = {
  nonce: string;
  ref: string;
  sessionRef: string;
  from: string;
  to: string;
};

/** Begins the conversation of a call; null when the nonce is unknown, used or too old, and the socket must be refused. */
export type OpenConversation = (
  opening: SessionOpening,
  transport: ConversationTransport,
) => Promise<ConversationListener | null>;
