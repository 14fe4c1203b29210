import type { ModalView } from '@slack/types';
import { decideApproval } from '#operations/decide-approval.ts';
import { requestApproval } from '#operations/request-approval.ts';
import { showApproval } from '#operations/show-approval.ts';
import { changesWords } from '#slack/blocks/approval.ts';
import { context, header, plainSection } from '#slack/blocks/kit.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { textField } from './fields.ts';
import { modal, sentenceView } from './frame.ts';
import { type ModalHandler, metadataNumber, type SubmitAnswer } from './modal.ts';
import { shownOnceDone } from './once-done.ts';
import { openThen } from './open.ts';
import { readText } from './state.ts';

const LONGEST_REASON = 500;
/** Slack takes a hundred blocks; what does not fit is said to be there. */
const SHOWN_FIELDS = 60;

/** Shows all that would be approved and what is different since the last time; only its own button approves. */
export async function openReview(entry: Entry, approvalId: number): Promise<void> {
  await openThen(entry, 'Reading what is asked for…', async () => {
    const { deps, workspaceId } = entry;
    return reviewView(await showApproval(deps, { workspaceId, approvalId }));
  });
}

/** All that a request covers. One that is decided already can only be read. */
export function reviewView({ note, covers }: Awaited<ReturnType<typeof showApproval>>): ModalView {
  const isOpen = note.state === 'open';
  const left = covers.length - SHOWN_FIELDS;
  return modal({
    name: 'approval_review',
    title: 'Review and approve',
    ...(isOpen ? { submit: 'Approve' } : {}),
    close: 'Not now',
    metadata: { approvalId: note.approvalId },
    blocks: [
      header(note.name),
      ...(isOpen ? [] : [plainSection('⚠️ This is decided, or the campaign was changed meanwhile.')]),
      plainSection(changesWords(note.changes)),
      { type: 'divider' },
      ...covers.slice(0, SHOWN_FIELDS).map(({ label, value }) => plainSection(`${label}: ${value}`)),
      ...(left > 0 ? [plainSection(`… and ${left} more settings, as they stand on the campaign.`)] : []),
      context(
        'You approve exactly this, for exactly these contacts. Any change of it ends the approval, and the campaign waits.',
      ),
    ],
  });
}

/** Asks why a request is not approved. */
export async function openRejection(entry: Entry, approvalId: number): Promise<void> {
  await openThen(entry, 'Opening the form…', async () => {
    const { deps, workspaceId } = entry;
    const { note } = await showApproval(deps, { workspaceId, approvalId });
    return modal({
      name: 'approval_reject',
      title: 'Reject',
      submit: 'Reject',
      close: 'Not now',
      metadata: { approvalId },
      blocks: [
        header(note.name),
        textField({
          blockId: 'reason',
          label: 'What has to change?',
          hint: 'It is shown in the campaign’s thread.',
          lines: true,
          max: LONGEST_REASON,
        }),
      ],
    });
  });
}

export const approvalReview: ModalHandler = {
  right: 'launch',
  problemField: null,
  async submit({ deps, workspaceId, actor, metadata }) {
    const approvalId = metadataNumber(metadata, 'approvalId') ?? 0;
    const deciding = decideApproval(deps, { workspaceId, approvalId, actor, decision: 'approved' });
    return told(deciding, 'Approved', 'You approved it as it is. Its thread says what is next.');
  },
};

export const approvalReject: ModalHandler = {
  right: 'launch',
  problemField: 'reason',
  async submit({ deps, workspaceId, actor, metadata, state }) {
    const approvalId = metadataNumber(metadata, 'approvalId') ?? 0;
    const reason = readText(state, 'reason');
    const deciding = decideApproval(deps, { workspaceId, approvalId, actor, decision: 'rejected', reason });
    return told(deciding, 'Rejected', 'Nobody is contacted. Your reason stands in its thread.');
  },
};

/** The pre-flight of a campaign that nobody has approved yet. */
export const approvalRequest: ModalHandler = {
  right: 'edit',
  problemField: null,
  async submit(submission) {
    const { deps, actor, metadata } = submission;
    const campaign = await ownCampaign(submission, metadataNumber(metadata, 'campaignId') ?? 0);
    const expectedVersion = metadataNumber(metadata, 'version') ?? 0;
    return told(
      requestApproval(deps, { campaignId: campaign.id, actor, expectedVersion }),
      'Asked',
      'The request stands in the campaign’s thread. A colleague who may start campaigns decides; nobody is contacted before that.',
    );
  },
};

/** Every contact is read for it: that it still is what was asked about. */
function told(doing: Promise<unknown>, title: string, sentence: string): Promise<SubmitAnswer> {
  const shown = async () => {
    await doing;
    return sentenceView(title, sentenceMessage(sentence));
  };
  return shownOnceDone(
    shown(),
    'Reading everything that it covers. The campaign’s thread shows what came of it.',
  );
}
