import type { SlackContext } from './context.ts';
import { newSecret } from './ids.ts';

/** The bot must send the challenge back, as JSON or as plain text. */
export async function verifyRequestUrl(slack: SlackContext): Promise<boolean> {
  const challenge = newSecret();
  const delivered = await slack.deliver({
    kind: 'event',
    title: 'url_verification',
    payload: { token: slack.options.verificationToken, challenge, type: 'url_verification' },
  });
  if (delivered.outcome === 'failed' || delivered.status !== 200) return false;
  return delivered.body === challenge || challengeIn(delivered.body) === challenge;
}

function challengeIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { challenge?: unknown } | null)?.challenge;
  } catch {
    return undefined;
  }
}
