import { h } from './elements.js';
import { icon } from './icons.js';
import { wordOf } from './words.js';

/** The status of a campaign or a contact: a shape, a word and a tint. */
export function statusMark() {
  const element = h('span', { class: 'status' });
  let shown = null;
  return {
    element,
    set(status) {
      if (status === shown) return;
      shown = status;
      element.dataset.status = status;
      element.replaceChildren(icon(status), wordOf(status));
    },
  };
}
