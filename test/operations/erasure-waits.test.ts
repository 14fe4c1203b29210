import { eq } from 'drizzle-orm/sql';
import { expect, it } from 'vitest';
import { formDrafts, posts } from '#db/slack-schema.ts';
import { erasePerson } from '#operations/erase-person.ts';
import { purge } from '#operations/purge.ts';
import { requestErasure } from '#operations/request-erasure.ts';
import { saveFormDraft } from '#operations/save-form-draft.ts';
import { ANNA, createEngine } from '#support/engine.ts';

const DAY_MS = 86_400_000;

const engine = await createEngine();
const { deps, chat, workspace } = engine;
const workspaceId = workspace.id;

async function asked(phone: string): Promise<string> {
  const kept = { workspaceId, userId: 'U_ANNA', kind: 'contact_lookup', data: { phone } };
  const { id: lookup } = await saveFormDraft(deps, kept);
  await requestErasure(deps, { workspaceId, lookup, actor: ANNA, channelId: 'D_ANNA' });
  return lookup;
}

it('an erasure that is not done is no abandoned form, however long it waits', async () => {
  const waiting = await asked('+14155550187');
  await saveFormDraft(deps, { workspaceId, userId: 'U_ANNA', kind: 'columns', data: {} });
  engine.clock.move(31 * DAY_MS);
  await purge(deps);
  expect((await deps.db.select().from(formDrafts)).map(({ id }) => id)).toEqual([waiting]);
});

it('a message about somebody that is on its way to Slack is taken down there once it has arrived', async () => {
  const phone = '+14155550188';
  const [post] = await deps.db
    .insert(posts)
    .values({
      workspaceId,
      postKey: 'note:on-its-way',
      channelId: 'C9',
      inThread: false,
      content: { kind: 'note', level: 'info', text: `${phone} asked for you.`, buttons: [] },
      state: 'sending',
      leaseUntil: new Date(deps.clock.now().getTime() + 30_000),
      createdAt: deps.clock.now(),
    })
    .returning();
  const lookup = await asked(phone);
  await expect(erasePerson(deps, { lookup })).rejects.toThrow('being posted');
  const arrived = { state: 'posted', ts: '77.1', leaseUntil: null } as const;
  await deps.db
    .update(posts)
    .set(arrived)
    .where(eq(posts.id, post?.id ?? 0));
  await erasePerson(deps, { lookup });
  const [kept] = await deps.db
    .select()
    .from(posts)
    .where(eq(posts.id, post?.id ?? 0));
  expect(JSON.stringify(kept?.content)).not.toContain(phone);
  expect(chat.updated.map(({ place }) => place)).toContainEqual({ channelId: 'C9', ts: '77.1' });
});
