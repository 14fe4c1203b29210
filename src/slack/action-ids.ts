/**
 * Every button and menu, by name. Late clicks come from messages that are weeks old, so a name is never given a new meaning.
 * An id is a name, or `name:detail` where one block holds several of a kind.
 */
export const ACTION_NAMES = [
  'campaign.start',
  'campaign.pause',
  'campaign.resume',
  'campaign.cancel',
  'campaign.edit',
  'campaign.import',
  'campaign.preview',
  'campaign.why',
  'campaign.export',
  'campaign.show',
  'campaign.new',
  'campaign.pick',
  'campaign.calls',
  'campaign.redial',
  'campaign.test',
  'campaign.schedule',
  'campaign.unschedule',
  'campaign.undo',
  'schedule.start_now',
  'schedule.skip',
  'schedule.redraw',
  'campaign.attest',
  'campaign.raise_budget',
  'approval.ask',
  'approval.approve',
  'approval.reject',
  'audit.page',
  'audit.export',
  'role.give',
  'role.take',
  'token.new',
  'token.revoke',
  'webhook.new',
  'webhook.on',
  'webhook.off',
  'webhook.try',
  'law.override',
  'law.revoke',
  'call.show',
  'call.page',
  'call.listen',
  'call.hang_up',
  'call.take_over',
  'call.recording',
  'calls.refresh',
  'contact.page',
  'assistant.new',
  'assistant.edit',
  'assistant.retire',
  'file.new',
  'file.add',
  'file.suppress',
  'reply.write',
  'reply.suppress',
  'hold.suppress',
  'hold.keep',
  'review.retry',
  'review.assume_done',
  'dnc.older',
  'consent.record',
  'consent.withdraw',
  'privacy.export',
  'privacy.erase',
  'list.page',
  'form.refresh_example',
  'form.start_afresh',
  'form.redraw',
  'form.time_zone',
  'form.holidays',
  'form.more',
  'form.typed',
  'form.input',
] as const;

export type ActionName = (typeof ACTION_NAMES)[number];

/** The id of a button or menu; `detail` makes it unique within its block. */
export function actionId(name: ActionName, detail?: string | number): string {
  return detail === undefined ? name : `${name}:${detail}`;
}

/** What an id stands for, or null when we never gave it out. */
export function parseActionId(id: string): { name: ActionName; detail: string | null } | null {
  const at = id.indexOf(':');
  const name = at < 0 ? id : id.slice(0, at);
  const known = ACTION_NAMES.find((candidate) => candidate === name);
  return known ? { name: known, detail: at < 0 ? null : id.slice(at + 1) } : null;
}

/** Which campaign a button is about, and the version it was drawn from; state lives in the database (slack.md §8). */
export type CampaignTarget = { campaignId: number; version: number };

export function campaignValue({ campaignId, version }: CampaignTarget): string {
  return `${campaignId}.${version}`;
}

/** Null when the value is not one of ours. */
export function parseCampaignValue(value: string | null | undefined): CampaignTarget | null {
  const match = /^(\d{1,9})\.(\d{1,9})$/.exec(value ?? '');
  return match ? { campaignId: Number(match[1]), version: Number(match[2]) } : null;
}

/** Whom a redial means: contacts by how their last call ended, or all whom nobody reached. */
export const REDIAL_CHOICES = ['no_answer', 'busy', 'voicemail', 'failed', 'all'] as const;
export type RedialChoice = (typeof REDIAL_CHOICES)[number];

export function redialValue(campaignId: number, choice: RedialChoice): string {
  return `${campaignId}.${choice}`;
}

/** Null when the value is not one of ours. */
export function parseRedialValue(
  value: string | null | undefined,
): { campaignId: number; choice: RedialChoice } | null {
  const match = /^(\d{1,9})\.([a-z_]{1,20})$/.exec(value ?? '');
  const choice = REDIAL_CHOICES.find((known) => known === match?.[2]);
  return match && choice ? { campaignId: Number(match[1]), choice } : null;
}

/** A row and a page of what belongs to it. */
export function pageValue(id: number, page: number): string {
  return `${id}.${page}`;
}

export function parsePageValue(value: string | null | undefined): { id: number; page: number } | null {
  const match = /^([1-9]\d{0,14})\.(\d{1,5})$/.exec(value ?? '');
  return match ? { id: Number(match[1]), page: Number(match[2]) } : null;
}

/** The id of a reply, a hold, a call or an attempt as it stands in a button. */
export function parseRowId(value: string | null | undefined): number | null {
  return /^[1-9]\d{0,14}$/.test(value ?? '') ? Number(value) : null;
}

/** The id of a file of Slack's. */
export function parseFileId(value: string | null | undefined): string | null {
  return /^F[A-Z0-9]{1,30}$/.test(value ?? '') ? (value ?? null) : null;
}

/** A page about somebody; `lookup` is the draft that keeps whom they looked up. */
export function lookupValue(lookup: string, page: number): string {
  return `${lookup}.${page}`;
}

export function parseLookupValue(value: string | null | undefined): { lookup: string; page: number } | null {
  const match = /^([A-Za-z0-9_-]{1,80})\.(\d{1,5})$/.exec(value ?? '');
  return match?.[1] ? { lookup: match[1], page: Number(match[2]) } : null;
}
