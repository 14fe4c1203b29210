/** @import { CampaignList, Listeners, ProgressState } from '../api-types.ts' */
import { get } from './api.js';
import { campaignTable } from './campaign-table.js';
import { atMostEvery, h, label } from './elements.js';
import { follow } from './feed.js';
import { heatMap } from './heat-map.js';
import { plural, wordOf } from './words.js';

const STATUSES = ['draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled', 'failed'];
const PER_PAGE = 50;
/** What the API gives at once at most. */
const LARGEST_PAGE = 1_000;
const TYPING_MS = 250;
/** How often the list is read again at most; the numbers in between come from the feed. */
const READ_AGAIN_MS = 5_000;
const SWEEP_MS = 60_000;

/** All campaigns. REST says which there are; the feed says how they are doing. */
export function campaignsView({ token, onFeed, onProblem }) {
  const parts = {
    sum: label('p', { class: 'lead', role: 'status' }),
    list: campaignTable(),
    heat: heatMap(),
  };
  const wish = { pages: 1, status: '', search: '' };
  /** As the feed told last, also of campaigns on other pages. */
  const statuses = new Map();
  /** Answers are shown in the order of the questions: an older one that comes later is of no use. */
  let latest = 0;
  let isClosed = false;
  const unlessClosed = (act) => (value) => isClosed || act(value);

  const read = () => {
    latest += 1;
    const mine = latest;
    const show = (found) => {
      if (mine !== latest) return;
      parts.list.set(found);
      parts.sum.set(sentenceOf(found.pagination.total_items, wish));
    };
    readPages(token, wish).then(unlessClosed(show), unlessClosed(onProblem));
  };
  const readAgain = atMostEvery(READ_AGAIN_MS, read);
  const choose = (change) => {
    Object.assign(wish, { pages: 1 }, change);
    read();
  };

  /** @param {{ data: ProgressState }} message */
  const showProgress = ({ data }) => {
    const isAsListed = parts.list.setProgress(data);
    const hasMoved = statuses.get(data.campaign_id) !== data.status;
    statuses.set(data.campaign_id, data.status);
    // A campaign that is new, or that has moved on, may change what the list has to show.
    if (hasMoved && !isAsListed) readAgain();
  };
  /** @type {Listeners} */
  const messages = {
    // Also after a while without the feed: there may be others by now.
    connection_ack: readAgain,
    initial_progress: showProgress,
    progress_update: showProgress,
  };
  const feed = follow('/ws/campaigns/monitor', token, {
    onState: onFeed,
    onMessage: (message) => messages[message.type]?.(message),
  });
  readAgain();
  // What the feed does not tell of: names, and campaigns that were deleted.
  const sweep = setInterval(readAgain, SWEEP_MS);
  get(token, '/heat-map').then(unlessClosed(parts.heat.set), unlessClosed(onProblem));

  return {
    element: layout(parts, { choose, more: () => choose({ pages: wish.pages + 1 }) }),
    title: 'Campaigns',
    close() {
      isClosed = true;
      clearInterval(sweep);
      for (const stop of [readAgain.stop, parts.heat.close, feed.close]) stop();
    },
  };
}

function layout({ sum, list, heat }, { choose, more }) {
  list.more.onclick = more;
  return h(
    'div',
    {},
    h('div', { class: 'heading' }, h('div', {}, h('h1', {}, 'Campaigns'), sum.element), filters(choose)),
    h('div', { class: 'panel flush' }, list.element),
    h(
      'section',
      { class: 'panel', 'aria-labelledby': 'heat-title' },
      h('h2', { id: 'heat-title' }, 'When people pick up'),
      heat.element,
    ),
  );
}

/**
 * Everything that is shown, so that reading again keeps it all: in one answer, as long as it fits in one.
 *
 * @returns {Promise<CampaignList>}
 */
async function readPages(token, { pages, status, search }) {
  const wanted = PER_PAGE * pages;
  const size = Math.min(wanted, LARGEST_PAGE);
  const campaigns = [];
  for (let page = 1; ; page += 1) {
    const query = new URLSearchParams({ page: String(page), per_page: String(size) });
    if (status) query.set('status', status);
    if (search) query.set('search', search);
    const answer = await get(token, `/campaigns?${query}`);
    campaigns.push(...answer.campaigns);
    if (page * size >= wanted || !answer.pagination.has_next) return { ...answer, campaigns };
  }
}

function filters(choose) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  const search = h('input', {
    type: 'search',
    placeholder: 'Search',
    'aria-label': 'Search by name or description',
    oninput: () => {
      clearTimeout(typing);
      typing = setTimeout(() => choose({ search: search.value.trim() }), TYPING_MS);
    },
  });
  const status = h(
    'select',
    { 'aria-label': 'Status', onchange: () => choose({ status: status.value }) },
    h('option', { value: '' }, 'Every status'),
    STATUSES.map((name) => h('option', { value: name }, wordOf(name))),
  );
  return h('div', { class: 'filters' }, search, status);
}

function sentenceOf(total, { status, search }) {
  const found = status || search ? ' found' : '';
  if (total > 0) return `${plural(total, 'campaign')}${found}${total > 1 ? ', newest first' : ''}.`;
  if (status || search) return 'No campaign is like that.';
  return 'No campaigns yet. Drop a file of contacts into a Slack channel to make one.';
}
