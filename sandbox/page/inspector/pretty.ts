/** Makes a recorded exchange readable: JSON indented, form bodies one field a line, the JSON in them opened up. */
export function prettyExchange(text: string): string {
  const [head, ...rest] = text.split(/\r?\n\r?\n/);
  const body = rest.join('\n\n');
  if (body === '') return prettyBody(text);
  return `${head}\n\n${prettyBody(body)}`;
}

function prettyBody(body: string): string {
  return prettyJson(body) ?? prettyForm(body) ?? body;
}

function prettyJson(text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}

function prettyForm(text: string): string | null {
  if (!/^[\w.%[\]-]+=[^\s]*$/.test(text.trim())) return null;
  const lines = [...new URLSearchParams(text.trim())].map(
    ([key, value]) => `${key} = ${prettyJson(value) ?? value}`,
  );
  return lines.join('\n');
}
