import type { Button } from '@slack/types';
import { type ActionName, actionId } from '#slack/action-ids.ts';
import { button } from './kit.ts';

/** The ways to the pages beside this one, as far as there are any; `value` is what the button to a page carries. */
export function pageButtons(
  { page, size, total }: { page: number; size: number; total: number },
  name: ActionName,
  value: (page: number) => string,
): Button[] {
  const to = (label: string, target: number) =>
    button({ label, actionId: actionId(name, label.toLowerCase()), value: value(target) });
  return [
    ...(page > 0 ? [to('Newer', page - 1)] : []),
    ...((page + 1) * size < total ? [to('Older', page + 1)] : []),
  ];
}
