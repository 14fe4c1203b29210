import type { z } from '@hono/zod-openapi';
import type { Campaign as CampaignAnswer, CampaignList as ListAnswer } from '#http/api/campaigns/schemas.ts';
import type { HeatMap as HeatMapAnswer } from '#http/api/heat-map/schemas.ts';
import type { Progress as ProgressAnswer, ProgressData, RecentActivity } from '#http/api/progress/schemas.ts';
import type { connectionAck, errorMessage, historyMessage } from '#http/feed/messages.ts';

/** What the API answers and the feed sends, as the server defines it: the dashboard's modules are checked against it. */

export type Campaign = z.output<typeof CampaignAnswer>;
export type CampaignList = z.output<typeof ListAnswer>;
export type ListedCampaign = CampaignList['campaigns'][number];
export type HeatMap = z.output<typeof HeatMapAnswer>;
export type Progress = z.output<typeof ProgressAnswer>;
export type ProgressState = z.output<typeof ProgressData>;
export type ProgressFigures = ProgressState['progress'];
export type Activity = z.output<typeof RecentActivity>;
export type History = ReturnType<typeof historyMessage>;

export type FeedMessage =
  | ReturnType<typeof connectionAck>
  | { type: 'initial_progress'; data: ProgressState & { recent_activity: Activity[] } }
  | { type: 'progress_update'; data: ProgressState }
  | History
  | { type: 'pong' }
  | ReturnType<typeof errorMessage>;

/** What a view does with each message that concerns it. */
export type Listeners = { [M in FeedMessage as M['type']]?: (message: M) => void };
