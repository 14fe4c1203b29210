/** What text becomes before it is drawn, whichever of Slack's three notations it was written in. */
export type Inline =
  | { type: 'text'; text: string }
  | { type: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'link'; href: string; children: Inline[] }
  | { type: 'user' | 'channel' | 'group'; id: string; label: string }
  | { type: 'broadcast'; range: string }
  | { type: 'date'; timestamp: number; format: string; href: string; fallback: string }
  | { type: 'emoji'; name: string }
  | { type: 'break' };

export type ListItem = { indent: number; children: Inline[]; isDone: boolean | null };

export type Paragraph =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'heading'; level: number; children: Inline[] }
  | { type: 'pre'; text: string }
  | { type: 'quote'; children: Paragraph[] }
  | { type: 'list'; isOrdered: boolean; start: number; items: ListItem[] }
  | { type: 'table'; rows: Inline[][][] }
  | { type: 'rule' };

/** Only these may be followed; anything else (javascript:, data:) stays words. */
export function safeHref(address: string): string | null {
  const url = URL.parse(address);
  return url && ['http:', 'https:', 'mailto:', 'tel:', 'slack:'].includes(url.protocol) ? url.href : null;
}

/** Joins neighbouring text so that the drawn tree stays small. */
export function joinTexts(nodes: Inline[]): Inline[] {
  const joined: Inline[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    if (node.type === 'text' && last?.type === 'text')
      joined[joined.length - 1] = { type: 'text', text: last.text + node.text };
    else if (node.type !== 'text' || node.text !== '') joined.push(node);
  }
  return joined;
}

export function wordsOfInline(nodes: Inline[]): string {
  return nodes.map(wordsOfNode).join('');
}

function wordsOfNode(node: Inline): string {
  if (node.type === 'text' || node.type === 'code') return node.text;
  if ('children' in node) return wordsOfInline(node.children);
  if (node.type === 'date') return node.fallback;
  if (node.type === 'broadcast') return `@${node.range}`;
  if (node.type === 'break') return '\n';
  if (node.type === 'emoji') return `:${node.name}:`;
  return node.label || node.id;
}
