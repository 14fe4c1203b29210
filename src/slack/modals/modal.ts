import type { ModalView } from '@slack/types';
import type { Right } from '#domain/rights.ts';
import type { Entry } from '#slack/context.ts';
import type { FormState } from './state.ts';

/** A form that was sent off. `metadata` is what we put into it: ids and a version, still to be checked. */
export type Submission = Entry & { viewId: string; metadata: Record<string, unknown>; state: FormState };

/**
 * What the person sees next. `after` is work that Slack's answer does not wait for; `fill` makes the view that is shown
 * once Slack has been answered.
 */
export type SubmitAnswer =
  | { kind: 'done'; after?: () => Promise<unknown> }
  | { kind: 'errors'; errors: Record<string, string> }
  | { kind: 'show'; view: ModalView; fill?: () => Promise<ModalView> };

export type ModalHandler = {
  right: Right;
  /** The field under which a refusal is shown that is about no field; null when the form has none. */
  problemField: string | null;
  submit(submission: Submission): Promise<SubmitAnswer>;
  /** Keeps what is typed so far, so that a closed form loses nothing; `at` orders the changes. */
  keep?(typing: Submission, at: string): Promise<void>;
};

/** A number that we put into the metadata, or null when it is not there. */
export function metadataNumber(metadata: Record<string, unknown>, name: string): number | null {
  const value = metadata[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}

export function metadataText(metadata: Record<string, unknown>, name: string): string | null {
  const value = metadata[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
