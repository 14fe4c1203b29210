import { and, eq } from 'drizzle-orm/sql';
import { afterAll, describe, expect, test } from 'vitest';
import { calls, callTurns, recordings } from '#db/call-schema.ts';
import { attempts, campaigns } from '#db/schema.ts';
import { deleteCampaign } from '#operations/delete-campaign.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { findCall } from '#operations/find-call.ts';
import { createApi } from '#support/api.ts';
import { placeCall, says as saysOn } from '#support/desk.ts';
import { ANNA } from '#support/engine.ts';
import { connect, says, startFeed } from '#support/feed.ts';

const api = await createApi();
const { deps } = api;
const token = await api.tokenFor(['read']);
const feed = await startFeed(deps);
afterAll(() => feed.stop());

const follow = (call: number | string, path = '/ws/calls/{id}/live-transcript') =>
  connect(`${feed.url}${path.replace('{id}', String(call))}?token=${token}`);

async function answeredCall() {
  const call = await placeCall(api);
  await deps.db.update(calls).set({ answeredAt: api.clock.now() }).where(eq(calls.id, call.callId));
  return call;
}

describe('a socket that follows a call', () => {
  test('begins with what was said so far, then brings every word and how the call ends', async () => {
    const { callId, ref, campaignId } = await answeredCall();
    await saysOn(api, callId, { role: 'assistant', text: 'Your order is ready, Bob.' });
    api.clock.move(4_500);
    await saysOn(api, callId, { role: 'contact', text: 'Who is this?' });
    await saysOn(api, callId, { role: 'tool', text: 'looked something up', tool: 'look_up' });
    const client = follow(callId);
    await client.message(says({ data: { content: 'Who is this?' } }));
    const [call] = await deps.db.select().from(calls).where(eq(calls.id, callId));
    const about = { call_id: callId, call_sid: ref };
    expect(client.messages).toEqual([
      {
        type: 'connection_established',
        ...about,
        timestamp: '2026-11-24T19:00:04.500Z',
        message: 'Connected to the live transcript.',
      },
      {
        type: 'call_status',
        ...about,
        timestamp: '2026-11-24T19:00:04.500Z',
        status: 'in-progress',
        metadata: {
          assistant_id: call?.assistantId,
          campaign_id: campaignId,
          started_at: '2026-11-24T19:00:00Z',
          duration: null,
        },
      },
      {
        type: 'transcript',
        ...about,
        timestamp: '2026-11-24T19:00:00Z',
        data: {
          id: 2,
          content: 'Your order is ready, Bob.',
          speaker: 'assistant',
          is_final: true,
          is_interrupted: false,
          confidence: null,
          segment_start: 0,
          segment_end: null,
          created_at: '2026-11-24T19:00:00Z',
        },
      },
      {
        type: 'transcript',
        ...about,
        timestamp: '2026-11-24T19:00:04.500Z',
        data: expect.objectContaining({ speaker: 'user', is_final: true, segment_start: 4.5 }),
      },
    ]);

    await saysOn(api, callId, { role: 'assistant', text: 'This is Ava, calling about' });
    const begun = await client.message(says({ data: { content: 'This is Ava, calling about' } }));
    expect(begun.data).toMatchObject({ is_final: false, is_interrupted: false });
    const { id } = begun.data;
    await deps.db
      .update(callTurns)
      .set({ heardText: 'This is Ava', isInterrupted: true })
      .where(and(eq(callTurns.callId, callId), eq(callTurns.seq, id - 1)));
    await client.message(says({ data: { id, content: 'This is Ava', is_interrupted: true } }));

    const endedAt = api.clock.now();
    await deps.db.update(calls).set({ endedAt, durationSeconds: 31 }).where(eq(calls.id, callId));
    await client.message(says({ type: 'call_status', status: 'completed', metadata: { duration: 31 } }));
    await client.message(says({ data: { id, content: 'This is Ava', is_final: true } }));
    const seen = client.messages.filter(({ data }) => data?.content === 'Who is this?');
    expect(seen).toHaveLength(1);
    const before = client.messages.length;
    client.send({ type: 'request_status' });
    await client.message(says({ type: 'call_status', status: 'completed' }), before);
    await client.close();
  });

  test('is found under the provider’s id too, and at the address that the reference has', async () => {
    const { callId, ref } = await answeredCall();
    for (const path of ['/ws/calls/{id}/live-transcript', '/live-transcript/{id}']) {
      const client = follow(ref, path);
      await client.message(says({ type: 'call_status', call_id: callId, status: 'in-progress' }));
      await client.close();
    }
  });

  test('is nobody else’s to follow', async () => {
    const { callId, ref } = await answeredCall();
    const other = await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Other', botUserId: 'U_BOT' });
    const theirs = await api.tokenFor(['read'], other.id);
    for (const call of [callId, ref]) {
      const client = connect(`${feed.url}/ws/calls/${call}/live-transcript?token=${theirs}`);
      expect((await client.closed).code).toBe(4004);
      expect(JSON.stringify(client.messages)).not.toContain(ref);
    }
    for (const none of ['CA_nobody', '0', '999999999999999', 'CA%00', '%ff'])
      expect((await follow(none).closed).code).toBe(4004);
  });

  test('is there for nobody once its campaign is deleted, and whoever follows it is let go', async () => {
    const { callId, ref, campaignId, attemptId } = await answeredCall();
    // Its recording is still to be deleted, which the call is kept for.
    await deps.db.insert(recordings).values({
      callId,
      provider: 'scripted',
      providerRef: `RE${callId}`,
      status: 'completed',
      deleteAfter: api.clock.now(),
      createdAt: api.clock.now(),
    });
    const endedAt = api.clock.now();
    await deps.db.update(calls).set({ endedAt }).where(eq(calls.id, callId));
    await deps.db
      .update(attempts)
      .set({ state: 'ended', outcome: 'answered', endedAt })
      .where(eq(attempts.id, attemptId));
    await deps.db.update(campaigns).set({ status: 'completed' }).where(eq(campaigns.id, campaignId));
    const follower = follow(callId);
    await follower.message(says({ type: 'call_status', status: 'completed' }));
    await deleteCampaign(deps, { campaignId, actor: ANNA });
    await api.drain();
    expect(await deps.db.$count(calls, eq(calls.id, callId))).toBe(1);
    for (const wanted of [callId, ref]) {
      expect(await findCall(deps, { workspaceId: api.workspace.id, wanted: String(wanted) })).toBeNull();
      expect((await follow(wanted).closed).code).toBe(4004);
    }
    expect((await follower.closed).code).toBe(4004);
  });
});
