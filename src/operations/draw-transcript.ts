import type { Deps } from './deps.ts';

export async function drawTranscript(_deps: Deps, _call: { callId: number }): Promise<void> {}
