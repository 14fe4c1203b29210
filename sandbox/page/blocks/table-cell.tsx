import { ActionElement } from '#sandbox/page/elements/element.tsx';
import { asNumber, asObject, asText } from '#sandbox/page/json.ts';
import type { Json } from '#sandbox/page-protocol.ts';
import { RichText } from './basic-blocks.tsx';
import { wordsOfRichText } from './table-order.ts';

export function CellView({ cell }: { cell: Json }) {
  const object = asObject(cell);
  const element = asObject(object?.element);
  if (object?.type === 'rich_text') return <RichText block={object} />;
  if (element) return <ActionElement blockId={asText(object?.block_id)} element={element} />;
  return <>{wordsOfCell(cell)}</>;
}

export function wordsOfCell(cell: Json): string {
  const object = asObject(cell);
  if (!object) return asText(cell);
  if (object.type === 'rich_text') return wordsOfRichText(object);
  return asText(object.text) || String(asNumber(object.value) ?? '');
}
