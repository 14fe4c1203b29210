import { readCampaign } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import type { EndingContext } from '#db/endings.ts';
import { isTest } from '#domain/attempt.ts';
import { describeFailure } from '#domain/failure.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';
import type { Ending } from './end-attempts.ts';

const ARRIVED = ['delivered', 'sent', 'assumed_done'];

/** An answer that somebody wrote did not go out: whoever wrote it believes it did, so the thread says so. */
export async function tellFailedReply(
  deps: Deps,
  tx: Transaction,
  { ending, context }: { ending: Ending; context: EndingContext },
): Promise<void> {
  const isAnswer = context.purpose === 'reply' && !isTest(context);
  if (!isAnswer || ARRIVED.includes(ending.outcome)) return;
  const row = await readCampaign(tx, context.campaignId);
  const why = ending.refusal ? ` ${describeFailure(ending.refusal.class, ending.refusal.code)}` : '';
  await announce(tx, deps, {
    workspaceId: context.workspaceId,
    campaignId: context.campaignId,
    channelId: row?.campaign.channelId ?? null,
    key: `reply-failed:${ending.id}`,
    content: {
      kind: 'note',
      level: 'problem',
      text: `The answer to ${maskPhone(context.phoneNumber)} did not go out.${why} Nobody was texted; press Reply to try again.`,
      buttons: [],
    },
  });
}
