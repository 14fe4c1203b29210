import { createRoute } from '@hono/zod-openapi';
import type { Api } from '#http/api/api.ts';
import { json, needs, REFUSED } from '#http/api/contract.ts';
import { partAsked, partOf, SkipQuery } from '#http/api/skip.ts';
import type { Deps } from '#operations/deps.ts';
import { readOurNumbers, whoUsesNumbers } from '#operations/list-numbers.ts';
import type { OurNumber } from '#ports/telephony.ts';
import { presentNumber } from './present.ts';
import { PhoneNumbers } from './schemas.ts';

/** So long one answer of the provider does for everybody who asks this process. */
const KNOWN_FOR_MS = 30_000;

const list = createRoute({
  method: 'get',
  path: '/api/v1/phone-numbers',
  tags: ['Phone numbers'],
  ...needs('read'),
  summary: 'List the numbers that are ours at the provider, and who contacts people from them',
  description: `In the order of their digits. The provider is asked for them every ${KNOWN_FOR_MS / 1_000} seconds at most; who uses them is always as it stands now.`,
  request: { query: SkipQuery },
  responses: {
    200: json(PhoneNumbers, 'Some of them.'),
    ...REFUSED,
    503: json(REFUSED[404].content['application/json'].schema, 'The provider cannot be asked right now.'),
  },
});

/** The numbers that people are contacted from (campaign-api §6). */
export function phoneNumberRoutes(api: Api, deps: Deps): void {
  const ourNumbers = askedLately(deps);
  api.openapi(list, async (c) => {
    const { workspaceId } = c.get('token');
    const part = partAsked(c.req.valid('query'));
    const all = await ourNumbers();
    const shown = all.slice(part.skip, part.skip + part.limit);
    const used = await whoUsesNumbers(deps, { workspaceId, numbers: shown });
    return c.json({ items: used.map(presentNumber), ...partOf(part, all.length) }, 200);
  });
}

/** What the provider said lately, or says now. A question that failed is asked again by the next. */
function askedLately(deps: Pick<Deps, 'telephony' | 'clock'>): () => Promise<OurNumber[]> {
  let known: { until: number; numbers: Promise<OurNumber[]> } | null = null;
  return async () => {
    const now = deps.clock.now().getTime();
    if (!known || now >= known.until) known = { until: now + KNOWN_FOR_MS, numbers: readOurNumbers(deps) };
    const { numbers } = known;
    try {
      return await numbers;
    } catch (cause) {
      if (known?.numbers === numbers) known = null;
      throw cause;
    }
  };
}
