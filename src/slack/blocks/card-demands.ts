import type { Button } from '@slack/types';
import type { CampaignStatus } from '#domain/lifecycle.ts';
import type { CampaignCard } from '#ports/chat-content.ts';
import { actionId } from '#slack/action-ids.ts';
import { button } from './kit.ts';

type Demanding = Pick<CampaignCard, 'demands' | 'status' | 'name' | 'missing'>;

const OVER: CampaignStatus[] = ['completed', 'cancelled'];
const BEFORE: CampaignStatus[] = ['draft', 'scheduled', 'paused', 'failed'];

/** What people still have to do before anybody is contacted; nothing once a campaign is over. */
export function demandLines({ demands, status }: Demanding): string[] {
  if (OVER.includes(status)) return [];
  const attestation = BEFORE.includes(status) ? ATTESTATION_LINES[demands.attestation] : null;
  return [APPROVAL_LINES[demands.approval], attestation ?? null].filter((line) => line !== null);
}

/** The buttons with which they do it. A draft that is not ready is not asked about. */
export function demandButtons({ demands, status, name, missing }: Demanding, value: string): Button[] {
  if (OVER.includes(status)) return [];
  const isAskable = demands.approval === 'missing' && missing.length === 0;
  const isAttestable = demands.attestation === 'missing' && BEFORE.includes(status);
  return [
    ...(isAskable ? [askButton(name, value)] : []),
    ...(isAttestable ? [attestButton(name, value)] : []),
  ];
}

const APPROVAL_LINES: Record<CampaignCard['demands']['approval'], string | null> = {
  not_demanded: null,
  missing: '⏳ Not approved as it is now: a second person has to approve it before anybody is contacted.',
  asked: '⏳ Approval is asked for in the thread: a colleague who may start campaigns decides there.',
  standing: '✅ Approved as it is. Any change ends the approval.',
};

const ATTESTATION_LINES: Record<CampaignCard['demands']['attestation'], string | null> = {
  not_demanded: null,
  missing: '⚠️ Nobody answers for its contacts yet: somebody has to before it starts.',
  standing: null,
};

function askButton(name: string, value: string): Button {
  return button({
    label: 'Ask for approval',
    actionId: actionId('approval.ask'),
    value,
    style: 'primary',
    spoken: `Ask for approval: ${name}`,
  });
}

function attestButton(name: string, value: string): Button {
  return button({
    label: 'Attest',
    actionId: actionId('campaign.attest'),
    value,
    spoken: `Attest: ${name}`,
    confirm: {
      title: 'Do you answer for its contacts?',
      text: 'You state that everybody in it may lawfully be contacted like this: they agreed where the law asks for it, and the do-not-call lists that apply were checked. Your name is kept with it.',
      confirm: 'I answer for it',
    },
  });
}
