export type ContactFacts = {
  variableValues: Record<string, string>;
  customFields: Record<string, string>;
  /** Of the file that brought the contact; null where none did. */
  fileName: string | null;
};

/** What is known of a contact, the same wherever a program reads it: over REST and in webhooks (campaign-api §2.3, §7.7). */
export function contactDataOf({ variableValues, customFields, fileName }: ContactFacts) {
  return {
    company: variableValues.company ?? null,
    email: variableValues.email ?? null,
    source: sourceOf(fileName),
    variable_values: variableValues,
    custom_fields: customFields,
  };
}

function sourceOf(fileName: string | null): string {
  if (fileName === null) return 'direct';
  return /\.(json|ndjson|jsonl)$/i.test(fileName) ? 'json_import' : 'csv_import';
}
