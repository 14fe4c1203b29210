import type { DueContact } from '#db/claims.ts';
import type { campaigns, workspaces } from '#db/schema.ts';
import { measureText } from '#domain/segments.ts';
import type { Sender } from '#domain/sender.ts';
import { type CompiledTemplate, compileTemplate, renderTemplate, templateContext } from '#domain/template.ts';

/** Longest text that a carrier takes (telephony.md §3). */
const MAX_CHARACTERS = 1600;

/** What all texts of a campaign share; made once per claim, the template itself is compiled once per wording. */
export type Composer = {
  template: CompiledTemplate;
  fallbackValues: Record<string, string>;
  companyName: string | null;
  assistantName: string | null;
  sender: Sender;
};

export type ComposedText =
  | { kind: 'text'; body: string; segments: number; sender: Sender }
  | { kind: 'refused'; reason: 'empty_message' | 'message_too_long' };

/** The composer of a campaign's texts, which may name its assistant where it has one. Throws when its template cannot be used, which saving it has already refused. */
export function textComposer(
  campaign: typeof campaigns.$inferSelect,
  workspace: typeof workspaces.$inferSelect,
  sender: Sender,
  assistantName: string | null = null,
): Composer {
  return {
    template: compileTemplate(campaign.smsMessageTemplate ?? ''),
    fallbackValues: campaign.fallbackValues,
    companyName: workspace.companyName,
    assistantName,
    sender,
  };
}

/** One contact's text, measured; refused when it comes out empty or longer than a carrier takes. */
export function composeText(
  composer: Composer,
  contact: Pick<DueContact, 'phoneNumber' | 'variableValues'>,
): ComposedText {
  const { text } = renderTemplate(
    composer.template,
    templateContext({
      values: contact.variableValues,
      phoneNumber: contact.phoneNumber,
      fallbackValues: composer.fallbackValues,
      companyName: composer.companyName,
      ...(composer.assistantName === null ? {} : { assistantName: composer.assistantName }),
    }),
  );
  const body = text.trim();
  if (body === '') return { kind: 'refused', reason: 'empty_message' };
  if (body.length > MAX_CHARACTERS) return { kind: 'refused', reason: 'message_too_long' };
  return { kind: 'text', body, segments: measureText(body).segments, sender: composer.sender };
}
