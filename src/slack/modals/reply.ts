import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_TEXT_CHARACTERS } from '#domain/segments.ts';
import { loadReply } from '#operations/load-reply.ts';
import { sendReply } from '#operations/send-reply.ts';
import { context, plainSection } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { textField } from './fields.ts';
import { modal } from './frame.ts';
import { type ModalHandler, metadataNumber } from './modal.ts';
import { openThen } from './open.ts';
import { readText } from './state.ts';

/** A refusal comes at once; a carrier may take longer than Slack waits, and by then the text is on record. */
const PATIENCE_MS = 1800;

/** Opens the form in which somebody is answered by text, with their words above it. */
export async function openReply(entry: Entry, inboundTextId: number): Promise<void> {
  await openThen(entry, 'Opening the form…', async () => {
    const asked = await loadReply(entry.deps, { inboundTextId });
    const whom = asked.contactName ? `${asked.contactName} (${asked.maskedPhone})` : asked.maskedPhone;
    return modal({
      name: 'reply',
      title: 'Reply by text',
      submit: 'Send',
      metadata: { inboundTextId },
      blocks: [
        plainSection(`${whom} wrote: ${asked.body}`),
        textField({ blockId: 'body', label: 'Your answer', lines: true, max: MAX_TEXT_CHARACTERS }),
        context(
          'It goes to this one person as a text message, from the number they wrote to, if they may be contacted now.',
        ),
      ],
    });
  });
}

export const reply: ModalHandler = {
  right: 'edit',
  problemField: 'body',
  async submit({ deps, workspaceId, actor, metadata, state, viewId }) {
    const sending = sendReply(deps, {
      workspaceId,
      inboundTextId: metadataNumber(metadata, 'inboundTextId') ?? 0,
      body: readText(state, 'body'),
      actor,
      requestKey: `view:${viewId}`,
    });
    await Promise.race([sending, sleep(PATIENCE_MS)]);
    return { kind: 'done', after: () => sending };
  },
};
