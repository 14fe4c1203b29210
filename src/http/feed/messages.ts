import { z } from 'zod';
import { presentActivity, presentHistory, progressData } from '#http/api/progress/present.ts';
import type { History } from '#operations/metrics-history.ts';
import type { CampaignProgress, RecentAttempt } from '#operations/show-progress.ts';

/** How a campaign stands, as text: what every socket that shows it is sent, whole. */
export function writeProgress(row: CampaignProgress): string {
  return JSON.stringify(progressData(row));
}

export function progressUpdate(progress: string): string {
  return `{"type":"progress_update","data":${progress}}`;
}

/** The first message about a campaign (campaign-api §4.2). */
export function initialProgress(row: CampaignProgress, recent: RecentAttempt[]): string {
  const data = { ...progressData(row), recent_activity: presentActivity(recent) };
  return JSON.stringify({ type: 'initial_progress', data });
}

/** `campaignId` is null where a socket shows every campaign of a workspace. */
export function connectionAck(campaignId: number | null, now: Date) {
  return { type: 'connection_ack' as const, campaign_id: campaignId, timestamp: now.getTime() / 1_000 };
}

export function historyMessage(campaignId: number, history: History) {
  return { type: 'metrics_history' as const, campaign_id: campaignId, ...presentHistory(history) };
}

export function errorMessage(message: string) {
  return { type: 'error' as const, message };
}

const CampaignId = z.number().int().min(1).max(2_147_483_647);
const LONGEST_HISTORY_HOURS = 168;

const COMMANDS = {
  ping: z.object({}),
  request_update: z.object({ campaign_id: CampaignId.optional() }),
  request_history: z.object({
    hours: z.number().int().min(1).max(LONGEST_HISTORY_HOURS).default(24),
    campaign_id: CampaignId.optional(),
  }),
  subscribe: z.object({ campaign_id: CampaignId }),
  unsubscribe: z.object({ campaign_id: CampaignId }),
  request_status: z.object({}),
};
export type CommandType = keyof typeof COMMANDS;
type CommandOf<T extends CommandType> = z.output<(typeof COMMANDS)[T]>;

/** What a socket answers to what a client may send it. Every socket answers `ping` by itself. */
export type Answers = { [T in Exclude<CommandType, 'ping'>]?: (command: CommandOf<T>) => Promise<void> };

/** What a client asked for, or what is wrong with it in words. */
export type Asked =
  | { kind: 'ping' }
  | { kind: 'asked'; answer: () => Promise<void> }
  | { kind: 'wrong'; problem: string };

const WHAT_IT_TAKES = {
  campaign_id: 'the number of a campaign, as in 42',
  hours: `a whole number from 1 to ${LONGEST_HISTORY_HOURS}`,
};

/** Reads a message of a client, for a socket that answers these. */
export function readMessage(data: unknown, answers: Answers): Asked {
  const takes = ['ping', ...Object.keys(answers)];
  const message = parse(data);
  if (!message) return wrong(`This is not a message: send JSON like {"type":"${takes.at(-1)}"} as text.`);
  const type = takes.find((known) => known === message.type) as CommandType | undefined;
  if (!type)
    return wrong(`This socket does not know “${nameOf(message.type)}”. It takes ${takes.join(', ')}.`);
  if (type === 'ping') return { kind: 'ping' };
  const command = COMMANDS[type].safeParse(message);
  if (!command.success) return wrong(problemOf(type, command.error));
  const answer = answers[type] as (asked: unknown) => Promise<void>;
  return { kind: 'asked', answer: () => answer(command.data) };
}

function parse(data: unknown): { type?: unknown } | null {
  if (typeof data !== 'string') return null;
  try {
    const message: unknown = JSON.parse(data);
    return typeof message === 'object' && message !== null && !Array.isArray(message) ? message : null;
  } catch {
    return null;
  }
}

function nameOf(type: unknown): string {
  return typeof type === 'string' ? type.slice(0, 40) : 'a message without a type';
}

function problemOf(type: CommandType, error: z.ZodError): string {
  const [field] = error.issues[0]?.path ?? [];
  const takes = WHAT_IT_TAKES[field as keyof typeof WHAT_IT_TAKES];
  return `“${type}” was not understood: its ${String(field)} must be ${takes}. Nothing has changed; send it again.`;
}

function wrong(problem: string): Asked {
  return { kind: 'wrong', problem };
}
