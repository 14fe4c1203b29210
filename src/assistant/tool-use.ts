import { type Ending, joined, linesFor, type TalkFacts, type ToolName } from '#domain/conversation/talk.ts';

/** What a model is told of a tool it used, and whether the call ends after it, with which words. */
export type ToolUse = { result: unknown; ending: Ending | null; lastWords: string | null };

export function refusedUse(problem: string): ToolUse {
  return { result: { ok: false, problem }, ending: null, lastWords: null };
}

/**
 * An opt-out from calls is confirmed in our own words and ends the call, whatever the model would like to add; one from
 * texts alone does not.
 */
export function endingOf(
  tool: ToolName,
  given: Record<string, string>,
  facts: TalkFacts,
): Pick<ToolUse, 'ending' | 'lastWords'> {
  const lines = linesFor(facts);
  if (tool === 'mark_do_not_call' && given.channel !== 'sms') {
    const isAll = given.channel === 'all';
    return { ending: 'hang_up', lastWords: isAll ? lines.optedOut : joined(lines.noted, lines.goodbye) };
  }
  if (tool === 'transfer') return { ending: 'transfer', lastWords: lines.transferring };
  return { ending: tool === 'end_call' ? 'hang_up' : null, lastWords: null };
}
