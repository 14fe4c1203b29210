/** @import { Campaign, Listeners, Progress, ProgressState } from '../api-types.ts' */
import { activityList } from './activity.js';
import { get } from './api.js';
import { campaignHead } from './campaign-head.js';
import { atMostEvery, h } from './elements.js';
import { follow } from './feed.js';
import { heatMap } from './heat-map.js';
import { hourChart } from './hour-chart.js';
import { numbers } from './numbers.js';

const HOURS = /** @type {const} */ ([
  { hours: 24, text: '24 hours' },
  { hours: 72, text: '3 days' },
  { hours: 168, text: '7 days' },
]);
/** The feed says at once that something changed; what it does not carry is read again, but not with every change. */
const AGAIN_MS = 5_000;
/** What the provider charges comes later than all else, and the feed does not tell it. */
const COSTS_MS = 30_000;

/** One campaign: its numbers move with the feed, everything around them follows within seconds. */
export function campaignView({ id, token, onFeed, onProblem }) {
  const parts = createParts();
  let hours = /** @type {number} */ (HOURS[0].hours);
  let isClosed = false;
  const unlessClosed = (act) => (value) => isClosed || act(value);

  const read = () => {
    const asked = [get(token, `/campaigns/${id}`), get(token, `/campaigns/${id}/progress`)];
    Promise.all(asked).then(unlessClosed(parts.setDetail), unlessClosed(onProblem));
  };
  const askHistory = () => feed.send({ type: 'request_history', hours });
  const readAgain = atMostEvery(AGAIN_MS, read);
  const askHistoryAgain = atMostEvery(AGAIN_MS, askHistory);

  /** @param {{ data: ProgressState }} message */
  const showProgress = ({ data }) => {
    parts.setProgress(data);
    readAgain();
    askHistoryAgain();
  };
  /** @type {Listeners} */
  const messages = {
    initial_progress: showProgress,
    progress_update: showProgress,
    metrics_history: parts.chart.set,
  };
  const feed = follow(`/ws/campaigns/${id}/progress`, token, {
    onState: onFeed,
    onMessage: (message) => messages[message.type]?.(message),
  });
  readAgain();
  const costs = setInterval(readAgain, COSTS_MS);
  get(token, `/heat-map?campaign_id=${id}`).then(unlessClosed(parts.heat.set), unlessClosed(onProblem));

  const chooseHours = (chosen) => {
    hours = chosen;
    askHistory();
  };
  return {
    element: parts.layout(hourChoice(chooseHours)),
    title: `Campaign ${id}`,
    close() {
      isClosed = true;
      clearInterval(costs);
      for (const stop of [
        readAgain.stop,
        askHistoryAgain.stop,
        parts.chart.close,
        parts.heat.close,
        feed.close,
      ])
        stop();
    },
  };
}

function createParts() {
  const [head, figures, chart] = [campaignHead(), numbers(), hourChart()];
  const [heat, activity] = [heatMap(), activityList()];
  const heatSection = section('heat-title', 'When people pick up', heat.element);
  return {
    chart,
    heat,
    /** @param {ProgressState} data */
    setProgress(data) {
      head.setState(data);
      figures.setProgress(data.progress);
    },
    /** @param {[Campaign, Progress]} read */
    setDetail([campaign, progress]) {
      head.set(campaign, progress);
      figures.setMetrics(campaign, progress);
      activity.set(progress.recent_activity);
      heatSection.hidden = campaign.campaign_type === 'sms';
      document.title = `${campaign.name} · Ringmaster`;
    },
    layout: (aboveChart) =>
      h(
        'div',
        {},
        head.element,
        figures.element,
        section('hours-title', 'By the hour', chart.element, aboveChart),
        h(
          'div',
          { class: 'side-by-side' },
          heatSection,
          section('activity-title', 'Latest', activity.element),
        ),
      ),
  };
}

function section(id, title, content, aside = null) {
  const heading = h('div', { class: 'section-head' }, h('h2', { id }, title), aside);
  return h('section', { class: 'panel', 'aria-labelledby': id }, heading, content);
}

function hourChoice(choose) {
  const press = (pressed) => {
    for (const button of buttons) button.setAttribute('aria-pressed', String(button === pressed));
  };
  const buttons = HOURS.map(({ hours, text }) => {
    const button = h('button', { type: 'button' }, text);
    button.onclick = () => {
      press(button);
      choose(hours);
    };
    return button;
  });
  press(buttons[0]);
  return h('div', { class: 'choice', role: 'group', 'aria-label': 'How far back' }, buttons);
}
