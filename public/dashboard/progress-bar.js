/** @import { ProgressFigures } from '../api-types.ts' */
import { h } from './elements.js';
import { count } from './words.js';

/** What a contact can have come to, in the order of the bar. `skipped` is beside the total (see the API's reference). */
export const PARTS = /** @type {const} */ ([
  { key: 'completed', word: 'Completed' },
  { key: 'failed', word: 'Failed' },
  { key: 'processing', word: 'In progress' },
  { key: 'pending', word: 'Waiting' },
]);

/** All contacts of a campaign as one bar; patterns tell its parts apart where colours do not. */
export function progressBar() {
  const parts = PARTS.map(({ key }) => ({ key, element: h('span', { class: `part part-${key}` }) }));
  const element = h(
    'div',
    { class: 'bar', role: 'img' },
    parts.map((part) => part.element),
  );
  return {
    element,
    /** @param {Pick<ProgressFigures, 'total_contacts' | typeof PARTS[number]['key']>} progress */
    set(progress) {
      const total = progress.total_contacts;
      for (const part of parts) {
        const share = total > 0 ? (100 * progress[part.key]) / total : 0;
        part.element.style.width = `${share}%`;
        part.element.hidden = share === 0;
      }
      element.setAttribute('aria-label', describe(progress));
    },
  };
}

/** @param {Pick<ProgressFigures, 'total_contacts' | typeof PARTS[number]['key']>} progress */
function describe(progress) {
  if (!progress.total_contacts) return 'No contacts yet.';
  const parts = PARTS.map(({ key, word }) => `${count(progress[key])} ${word.toLowerCase()}`);
  return `Of ${count(progress.total_contacts)} contacts: ${parts.join(', ')}.`;
}
