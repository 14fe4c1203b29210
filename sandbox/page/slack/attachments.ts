import { type Signal, signal } from '@preact/signals';
import { uploadFile } from '#sandbox/page/verbs.ts';

export type Attachment = {
  id: number;
  file: File;
  /** Null before it is sent. */
  share: Signal<number | null>;
  problem: Signal<string>;
};

/** The files waiting in each composer, by the composer's id. */
const waiting = new Map<string, Signal<Attachment[]>>();
let lastId = 0;

export function attachmentsOf(composerId: string): Signal<Attachment[]> {
  let attachments = waiting.get(composerId);
  if (!attachments) {
    attachments = signal([]);
    waiting.set(composerId, attachments);
  }
  return attachments;
}

export function attach(composerId: string, files: Iterable<File>) {
  const attachments = attachmentsOf(composerId);
  const added = [...files].map((file) => ({
    id: ++lastId,
    file,
    share: signal<number | null>(null),
    problem: signal(''),
  }));
  attachments.value = [...attachments.value, ...added];
}

export function detach(composerId: string, id: number) {
  const attachments = attachmentsOf(composerId);
  attachments.value = attachments.value.filter((attachment) => attachment.id !== id);
}

type Destination = { userId: string; channelId: string; threadTs: string | null };

/**
 * Sends what waits, one file after another, the comment with the first. Stops at the first that fails: it stays, with
 * the reason. Returns what is left of the comment.
 */
export async function sendAttachments(composerId: string, to: Destination, comment: string): Promise<string> {
  let remainingComment = comment;
  for (const attachment of attachmentsOf(composerId).value) {
    attachment.problem.value = '';
    attachment.share.value = 0;
    const answer = await uploadFile({
      path: '/ui/upload-file',
      query: {
        userId: to.userId,
        channelId: to.channelId,
        threadTs: to.threadTs ?? '',
        name: attachment.file.name,
        comment: remainingComment,
      },
      file: attachment.file,
      onProgress: (share) => {
        attachment.share.value = share;
      },
    });
    if (!answer.ok) {
      attachment.share.value = null;
      attachment.problem.value = answer.error;
      return remainingComment;
    }
    remainingComment = '';
    detach(composerId, attachment.id);
  }
  return remainingComment;
}
