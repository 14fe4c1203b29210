import { CAMPAIGN_TEMPLATES, type CampaignTemplate } from './campaign-templates.ts';
import { firstWords } from './first-words.ts';
import { maskPhone } from './mask-phone.ts';
import { gapsOf, namesNotes, type PreviewContact } from './message-preview.ts';
import {
  checkTemplate,
  compileTemplate,
  renderTemplate,
  type TemplateSource,
  templateContext,
} from './template.ts';

/** What is spoken on a call, in the order it is heard; the text message of a mixed campaign is previewed as texts are. */
export type SpokenTemplate = Exclude<CampaignTemplate, 'smsMessageTemplate'>;
export type SpokenTemplates = Partial<Record<SpokenTemplate, string | null>>;

/**
 * What a preview is made of. `missingCounts` says for each variable how many of the campaign's contacts have no value of
 * their own; `variablesAvailable` are the columns that contacts have.
 */
export type CallPreviewRequest = Pick<TemplateSource, 'fallbackValues'> & {
  templates: SpokenTemplates;
  assistantName: string;
  /** The company as templates know it, and on whose behalf the first words say the call is. */
  companyName: string | null;
  caller: string;
  isRecording: boolean;
  language: string;
  contacts: readonly PreviewContact[];
  variablesAvailable: readonly string[];
  missingCounts: Readonly<Record<string, number>>;
};

/** One contact's call as it would be spoken, text by text. `refusal` says why they would not be called. */
export type SpokenExample = {
  name: string;
  maskedPhone: string;
  lines: { words: string; text: string }[];
  missing: string[];
  refusal: string | null;
};

/**
 * Calls as their author should hear them before anybody is called. With problems there are no examples; `notes` say which
 * names in a text no contact brings.
 */
export type CallPreview = {
  problems: { template: SpokenTemplate; words: string; message: string }[];
  examples: SpokenExample[];
  notes: string[];
  variablesAvailable: string[];
  variablesMissing: { name: string; contacts: number }[];
};

const ORDER: SpokenTemplate[] = [
  'welcomeMessageTemplate',
  'agendaTemplate',
  'endCallMessageTemplate',
  'voicemailMessage',
];

/**
 * Composes the preview of calls: the fixed first words (telephony.md §6) and every spoken text that is written, rendered
 * for real contacts. Reads nothing and never throws.
 */
export function previewCall(request: CallPreviewRequest): CallPreview {
  const variablesAvailable = [...request.variablesAvailable];
  const written = ORDER.filter((template) => request.templates[template]?.trim());
  const checks = written.map((template) => checkTemplate(request.templates[template] ?? ''));
  const problems = written.flatMap((template, index) => {
    const check = checks[index];
    if (!check || check.ok) return [];
    return [{ template, words: CAMPAIGN_TEMPLATES[template].words, message: check.problem.message }];
  });
  if (problems.length > 0)
    return { problems, examples: [], notes: [], variablesAvailable, variablesMissing: [] };
  const needed = new Set(checks.flatMap((check) => (check.ok ? check.needed : [])));
  return {
    problems,
    examples: request.contacts.map((contact) => exampleOf(contact, written, request)),
    notes: written.flatMap((template) =>
      namesNotes(request.templates[template] ?? '', request).map(
        (note) => `The ${CAMPAIGN_TEMPLATES[template].words}: ${note}`,
      ),
    ),
    variablesAvailable,
    variablesMissing: gapsOf([...needed], request),
  };
}

/** The variables that some text asks for, for counting who has none of them. Empty for texts that cannot be used. */
export function spokenNeeds(templates: SpokenTemplates): string[] {
  const checks = ORDER.map((template) => checkTemplate(templates[template] ?? ''));
  return [...new Set(checks.flatMap((check) => (check.ok ? check.needed : [])))];
}

function exampleOf(
  contact: PreviewContact,
  written: SpokenTemplate[],
  request: CallPreviewRequest,
): SpokenExample {
  const { assistantName, companyName, caller, fallbackValues } = request;
  const context = templateContext({
    values: contact.values,
    phoneNumber: contact.phoneNumber,
    fallbackValues,
    companyName,
    assistantName,
  });
  const rendered = written.map((template) => ({
    words: CAMPAIGN_TEMPLATES[template].words,
    ...renderTemplate(compileTemplate(request.templates[template] ?? ''), context),
  }));
  const empty = rendered.find(({ text }) => text.trim() === '');
  const maskedPhone = maskPhone(contact.phoneNumber);
  return {
    name: contact.name?.trim() || maskedPhone,
    maskedPhone,
    lines: [
      { words: 'first words', text: firstWords({ ...request, companyName: caller }) },
      ...rendered.map(({ words, text }) => ({ words, text: text.trim() })),
    ],
    missing: [...new Set(rendered.flatMap(({ missing }) => missing))],
    refusal: empty ? `The ${empty.words} comes out empty, so this contact would not be called.` : null,
  };
}
