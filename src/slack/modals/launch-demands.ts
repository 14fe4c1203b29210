import type { LaunchDemands } from '#domain/approval.ts';
import { ATTESTATION } from '#operations/attest-campaign.ts';
import { actionId } from '#slack/action-ids.ts';
import { type Block, context, input, option } from '#slack/blocks/kit.ts';
import type { ModalName } from './names.ts';
import { type FormState, readChoices } from './state.ts';

/** What the button of a pre-flight does: start, ask for approval, or nothing while somebody else has to decide. */
export function wayForward(
  { approval }: LaunchDemands,
  mayStart: boolean,
): { name: ModalName; submit?: string } {
  if (approval === 'missing')
    return { name: 'approval_request', ...(mayStart ? { submit: 'Ask for approval' } : {}) };
  if (approval === 'asked') return { name: 'preflight' };
  return { name: 'preflight', ...(mayStart ? { submit: 'Start now' } : {}) };
}

/** What the workspace demands of people before anybody is contacted: a second person, or somebody who answers for the list. */
export function demandBlocks({ approval, attestation }: LaunchDemands): Block[] {
  const words = APPROVAL_WORDS[approval];
  const mayStart = approval === 'standing' || approval === 'not_demanded';
  return [
    ...(words ? [context(words)] : []),
    ...(attestation === 'missing' && mayStart ? [attestationField()] : []),
  ];
}

/** Whether somebody ticked that they answer for the contacts. */
export function isAttested(state: FormState): boolean {
  return readChoices(state, 'attested').includes('attested');
}

const APPROVAL_WORDS: Record<LaunchDemands['approval'], string | null> = {
  not_demanded: null,
  missing:
    '⏳ A second person has to approve it before anybody is contacted. They see this message, these settings and these contacts, and what changed since the last approval.',
  asked: '⏳ Approval is asked for in its thread. A colleague who may start campaigns decides there.',
  standing: '✅ Approved as it is now. Any change of it ends the approval.',
};

function attestationField(): Block {
  return input({
    blockId: 'attested',
    label: 'You answer for its contacts',
    hint: ATTESTATION,
    element: {
      type: 'checkboxes',
      action_id: actionId('form.input'),
      options: [option('I have checked this and answer for it', 'attested')],
    },
  });
}
