/** @import { CampaignList, ProgressState } from '../api-types.ts' */
import { campaignRow } from './campaign-row.js';
import { h } from './elements.js';

const COLUMNS = ['Campaign', 'Status', 'Progress', 'Done', 'Success'];

/** The list of campaigns. Rows are kept as long as their campaign is shown. */
export function campaignTable() {
  const rows = /** @type {Map<number, ReturnType<typeof campaignRow>>} */ (new Map());
  const body = h('tbody', {});
  const more = h('button', { class: 'plain-button', type: 'button', hidden: true }, 'Show more');
  const table = h(
    'table',
    { class: 'campaigns' },
    h('caption', { class: 'unseen' }, 'Campaigns, newest first'),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        COLUMNS.map((text) => h('th', { scope: 'col' }, text)),
      ),
    ),
    body,
  );
  return {
    element: h('div', {}, table, h('div', { class: 'table-foot' }, more)),
    more,
    /** @param {CampaignList} list */
    set({ campaigns, pagination }) {
      const ids = new Set(campaigns.map(({ id }) => id));
      for (const id of rows.keys()) if (!ids.has(id)) rows.delete(id);
      const shown = campaigns.map((campaign) => {
        const row = rows.get(campaign.id) ?? campaignRow();
        rows.set(campaign.id, row);
        row.set(campaign);
        return row.element;
      });
      place(body, shown);
      table.hidden = campaigns.length === 0;
      more.hidden = !pagination.has_next;
    },
    /**
     * Shows news of the feed; false when the list said otherwise which campaigns there are and in which status.
     *
     * @param {ProgressState} data
     */
    setProgress(data) {
      const row = rows.get(data.campaign_id);
      if (!row) return false;
      const isSame = row.status() === data.status;
      row.setProgress(data);
      return isSame;
    },
  };
}

/** What stays where it is is not touched: whoever has tabbed to a row stays there. */
function place(parent, elements) {
  elements.forEach((element, i) => {
    if (parent.children[i] !== element) parent.insertBefore(element, parent.children[i] ?? null);
  });
  while (parent.children.length > elements.length) parent.lastChild.remove();
}
