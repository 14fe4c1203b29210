import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measureCampaign } from '#domain/metrics.ts';
import { changeStatus } from '#operations/change-status.ts';
import { drawResultCard } from '#operations/draw-result-card.ts';
import { mergeProviderEvents } from '#operations/merge-provider-events.ts';
import { showProgress } from '#operations/show-progress.ts';
import type { ProviderEvent, TextStatusEvent } from '#ports/telephony.ts';
import { ANNA, addContacts, NOON } from '#support/engine.ts';
import { countedAnew, keptFigures } from '#support/recount.ts';
import { CALL_STATUSES, TEXT_STATUSES } from '#support/reported-statuses.ts';
import { createCallStage, freshPhones, statusOf } from './calls.ts';

const { engine, look, reset } = await createCallStage();
const { deps, workspace } = engine;

type Told = { ref: string; token: string };

const callReport = fc
  .record({
    status: fc.constantFrom('initiated', ...CALL_STATUSES),
    seconds: fc.integer({ min: 1, max: 300 }),
    answeredBy: fc.constantFrom('human', 'machine_ready', null),
    price: fc.constantFrom(null, { amount: '-0.014', currency: 'USD' }),
  })
  .map(({ status, seconds, answeredBy, price }) => (call: Told): ProviderEvent => {
    const isEnd = status === 'completed';
    return statusOf(call, status, isEnd ? { durationSeconds: seconds, answeredBy, price } : {});
  });

const textReport = fc.constantFrom(...TEXT_STATUSES).map((status) => (text: Told): TextStatusEvent => {
  const refusal = { class: 'unreachable', code: '30003', fix: 'Nothing to do.' } as const;
  const isFailed = status === 'failed' || status === 'undelivered';
  return {
    kind: 'text_status',
    ...text,
    status,
    refusal: isFailed ? refusal : null,
    segments: 1,
    price: null,
  };
});

const reportsOf = <T>(report: fc.Arbitrary<T>) =>
  fc.array(fc.tuple(fc.nat(3), report), { minLength: 1, maxLength: 24 });

test('progress is what the rows say, whatever order, repetition and company the carrier’s reports come in', async () => {
  await fc.assert(
    fc.asyncProperty(
      reportsOf(callReport),
      reportsOf(textReport),
      fc.nat(3),
      async (onCalls, onTexts, mergers) => {
        reset();
        engine.clock.set(NOON);
        const callsId = await look.start({ phones: freshPhones(4) });
        const textsId = await engine.campaign({ phones: [] });
        await addContacts(deps, textsId, freshPhones(4));
        await changeStatus(deps, { campaignId: textsId, move: 'start', actor: ANNA });
        await engine.drain();
        const toldOf = async (id: number) =>
          (await look.attempts(id)).map(({ token, providerRef }) => ({ token, ref: providerRef ?? '' }));
        const calls = await toldOf(callsId);
        const texts = await toldOf(textsId);
        await Promise.all([
          ...onCalls.map(([at, report]) => engine.report(report(calls[at] ?? { token: '', ref: '' }))),
          ...onTexts.map(([at, report]) => engine.report(report(texts[at] ?? { token: '', ref: '' }))),
          ...Array.from({ length: mergers }, () => mergeProviderEvents(deps)),
        ]);
        await engine.drain();
        expect(await keptFigures(deps.db)).toEqual(await countedAnew(deps.db));
        for (const campaignId of [callsId, textsId]) {
          const { counts, activity, cost } = await showProgress(deps, {
            workspaceId: workspace.id,
            campaignId,
          });
          const card = await drawResultCard(deps, deps.db, { campaignId });
          expect(measureCampaign(card.counts, card.calls ?? undefined)).toEqual(
            measureCampaign(counts, activity),
          );
          expect(card.costMicros).toEqual({ actual: cost.settledMicros, estimated: cost.reservedMicros });
        }
      },
    ),
    { numRuns: 8 },
  );
}, 60_000);
