import { type Ending, linesFor, type TalkFacts, type ToolName } from '#domain/conversation/talk.ts';

/** What a model is told of a tool it used, and whether the call ends after it, with which words. */
export type ToolUse = { result: unknown; ending: Ending | null; lastWords: string | null };

export function refusedUse(problem: string): ToolUse {
  return { result: { ok: false, problem }, ending: null, lastWords: null };
}

/** An opt-out is confirmed in our own words and ends the call, whatever the model would like to add. */
export function endingOf(tool: ToolName, facts: TalkFacts): Pick<ToolUse, 'ending' | 'lastWords'> {
  const lines = linesFor(facts);
  if (tool === 'mark_do_not_call') return { ending: 'hang_up', lastWords: lines.optedOut };
  if (tool === 'transfer') return { ending: 'transfer', lastWords: lines.transferring };
  return { ending: tool === 'end_call' ? 'hang_up' : null, lastWords: null };
}
