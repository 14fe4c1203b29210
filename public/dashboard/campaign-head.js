/** @import { Campaign, Progress, ProgressState } from '../api-types.ts' */
import { h, label } from './elements.js';
import { icon } from './icons.js';
import { statusMark } from './status.js';
import { moment, span, wordOf } from './words.js';

/** What a campaign is, how it stands, and why nothing is being placed when nothing is. */
export function campaignHead() {
  const name = label('h1', {});
  const about = label('p', { class: 'lead' });
  const status = statusMark();
  const words = label('span', {});
  const hold = h('p', { class: 'hold', hidden: true }, icon('hold'), words.element);
  /** @param {ProgressState} state */
  const setState = ({ status: now, hold: why }) => {
    status.set(now);
    words.set(why ?? '');
    hold.hidden = !why;
  };
  return {
    element: h(
      'div',
      { class: 'campaign-head' },
      h('a', { class: 'back', href: '#/' }, '‹ All campaigns'),
      h('div', { class: 'name-line' }, name.element, h('span', { role: 'status' }, status.element)),
      about.element,
      hold,
    ),
    /** From the feed, at once. */
    setState,
    /**
     * From REST, which knows the rest.
     *
     * @param {Campaign} campaign
     * @param {Progress} progress
     */
    set(campaign, progress) {
      name.set(campaign.name);
      about.set(`${wordOf(campaign.campaign_type)} · ${whenOf(progress, campaign)}`);
      setState(progress);
    },
  };
}

/**
 * @param {Progress} progress
 * @param {Campaign} campaign
 */
function whenOf({ started_at, completed_at }, { next_run_at }) {
  if (started_at && completed_at) return span(started_at, completed_at);
  if (completed_at) return `ended ${moment(completed_at)}`;
  if (started_at) return `started ${moment(started_at)}`;
  return next_run_at ? `starts ${moment(next_run_at)}` : 'not started yet';
}
