import type { z } from '@hono/zod-openapi';
import type { CampaignStatus } from '#domain/lifecycle.ts';
import type { UsedNumber } from '#operations/list-numbers.ts';
import type { PhoneNumber } from './schemas.ts';

/** One of our numbers in the reference's words (campaign-api §6). */
export function presentNumber(number: UsedNumber): z.output<typeof PhoneNumber> {
  const { voice, sms, mms } = number;
  const assistants = number.assistants.map(({ id, name, isActive }) => ({ id, name, is_active: isActive }));
  return {
    id: Number(number.phoneNumber.replaceAll(/\D/g, '')),
    phone_number: number.phoneNumber,
    friendly_name: number.name,
    provider: number.provider,
    is_active: number.isActive,
    capabilities: { voice, sms, mms },
    allowed_country_codes: null,
    assistant: assistants[0] ?? null,
    flow: null,
    assistants,
    campaigns: number.campaigns.map(({ id, name, status }) => ({
      id,
      name,
      status: status as CampaignStatus,
    })),
    campaign_count: number.campaignCount,
    is_default_for: number.isDefaultFor,
  };
}
