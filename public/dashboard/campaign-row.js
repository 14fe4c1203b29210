/** @import { ListedCampaign, ProgressState } from '../api-types.ts' */
import { h, label } from './elements.js';
import { progressBar } from './progress-bar.js';
import { statusMark } from './status.js';
import { count, percent, wordOf } from './words.js';

/** @typedef {Pick<ProgressState['progress'], 'total_contacts' | 'completed' | 'failed' | 'processing' | 'pending' | 'success_rate'>} Counts */

/** One campaign in the list. */
export function campaignRow() {
  const name = h('a', {});
  const about = label('span', { class: 'hint' });
  const status = statusMark();
  const bar = progressBar();
  // On a narrow screen, without the heads of the columns, each number says what it is.
  const done = label('td', { class: 'number', 'data-word': 'done' });
  const success = label('td', { class: 'number', 'data-word': 'success' });
  let current = '';
  let type = '';
  let isFollowed = false;

  /** @param {Pick<ProgressState, 'status' | 'hold'> & { progress: Counts }} state */
  const setProgress = ({ status: now, progress, hold }) => {
    current = now;
    about.set(describe(type, hold));
    status.set(now);
    bar.set(progress);
    done.set(`${count(progress.completed + progress.failed)} / ${count(progress.total_contacts)}`);
    success.set(percent(progress.completed + progress.failed > 0 ? progress.success_rate : null));
  };

  return {
    element: h(
      'tr',
      {},
      h('th', { scope: 'row' }, name, about.element),
      h('td', { class: 'is-status' }, status.element),
      h('td', { class: 'is-bar' }, bar.element),
      done.element,
      success.element,
    ),
    status: () => current,
    /** @param {ProgressState} data */
    setProgress(data) {
      isFollowed = true;
      setProgress(data);
    },
    /**
     * What the list of the API says. Numbers of the feed are newer than it, so they are not overwritten.
     *
     * @param {ListedCampaign} campaign
     */
    set(campaign) {
      name.href = `#/campaigns/${campaign.id}`;
      name.textContent = campaign.name;
      type = campaign.campaign_type;
      if (!isFollowed) setProgress(progressOf(campaign));
    },
  };
}

function describe(type, hold) {
  return [wordOf(type), hold].filter(Boolean).join(' · ');
}

/**
 * The list counts coarser than the feed does.
 *
 * @param {ListedCampaign} campaign
 */
function progressOf({ status, hold, total_contacts, completed_contacts, failed_contacts, metrics }) {
  const pending = total_contacts - completed_contacts - failed_contacts;
  return {
    status,
    hold,
    progress: {
      total_contacts,
      completed: completed_contacts,
      failed: failed_contacts,
      processing: 0,
      pending,
      success_rate: metrics?.success_rate ?? null,
    },
  };
}
