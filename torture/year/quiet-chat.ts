import { type Chat, FileUnavailable } from '#ports/chat.ts';

/** A chat in which everybody is a colleague and nothing is kept. */
export function quietChat(): Chat {
  let count = 0;
  const done = async () => {
    count += 1;
    return { kind: 'done' as const, ts: `1.${count}` };
  };
  const noFile = async (): Promise<never> => {
    throw new FileUnavailable('There are no files in this year.');
  };
  return {
    post: done,
    update: done,
    uploadFile: done,
    downloadFile: noFile,
    fileInfo: noFile,
    permalink: async () => null,
    user: async (id) => ({
      id,
      teamId: 'T_YEAR',
      name: id,
      timeZone: null,
      isAdmin: true,
      isGuest: false,
      isStranger: false,
      isBot: false,
      isDeleted: false,
    }),
    groups: async () => [],
    groupMembers: async () => [],
    channel: async (id) => ({ id, name: id, isMember: true, isArchived: false, isExtShared: false }),
  } as Chat;
}
