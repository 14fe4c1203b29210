/** The bot's uploads: a URL for the bytes, then the place to show them (slack.md §4.2). */

import { newId, newSecret } from './ids.ts';

export type PendingUpload = {
  fileId: string;
  ticket: string;
  name: string;
  length: number;
  altText: string;
  isSnippet: boolean;
  /** Null until the bytes came. */
  size: number | null;
};

export type Uploads = {
  begin(upload: Pick<PendingUpload, 'name' | 'length' | 'altText' | 'isSnippet'>): PendingUpload;
  byTicket(ticket: string): PendingUpload | undefined;
  byFileId(fileId: string): PendingUpload | undefined;
  end(fileId: string): void;
};

export function createUploads(): Uploads {
  const pending = new Map<string, PendingUpload>();
  return {
    begin(upload) {
      const begun: PendingUpload = { ...upload, fileId: newId('F'), ticket: newSecret(), size: null };
      pending.set(begun.fileId, begun);
      return begun;
    },
    byTicket: (ticket) => [...pending.values()].find((upload) => upload.ticket === ticket),
    byFileId: (fileId) => pending.get(fileId),
    end: (fileId) => {
      pending.delete(fileId);
    },
  };
}
