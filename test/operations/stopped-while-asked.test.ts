import { expect, it } from 'vitest';
import { suppress } from '#operations/suppress.ts';
import { createEngine } from '#support/engine.ts';
import { lookingAt } from './calls.ts';

it('a call is taken back whose person opted out while the carrier was asked for it', async () => {
  const engine = await createEngine();
  const { deps, carrier } = engine;
  const accepting = carrier.answerCall;
  carrier.answerCall = async (request) => {
    await deps.db.transaction((tx) =>
      suppress(deps, tx, {
        workspaceId: engine.workspace.id,
        phoneNumber: request.to,
        channel: 'all',
        reason: 'They texted STOP.',
        source: 'opt_out',
        campaignId: null,
        actor: { kind: 'system' },
      }),
    );
    return accepting(request);
  };
  const look = lookingAt(engine);
  const campaignId = await look.start();
  expect(carrier.changes).toEqual([{ kind: 'cancel', ref: (await look.call(campaignId)).ref }]);
});
