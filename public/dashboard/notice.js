import { h, setText } from './elements.js';
import { exactTimeOf } from './words.js';

/** Says in the head of the page how the feed stands, and in words below it when it is lost. */
export function feedNotice({ liveness, notice, announcer }) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let ticking;
  let was = null;

  const tell = (words, buttonText, act) => {
    notice.hidden = false;
    const wait = h('span', { class: 'wait', 'aria-hidden': 'true' });
    notice.replaceChildren(
      h('p', {}, words, wait),
      h('button', { type: 'button', class: 'plain-button', onclick: act }, buttonText),
    );
    return wait;
  };

  const states = {
    connecting: () => {},
    live() {
      notice.hidden = true;
      if (was === 'lost' || was === 'given_up')
        setText(announcer, 'The live feed is back. The numbers are current.');
    },
    lost({ at, why, retryAt, tries, of }, tryNow) {
      const wait = tell(lostWords(at, why), 'Try now', tryNow);
      const count = () => {
        const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1_000));
        setText(wait, ` Trying again in ${seconds} s (${tries} of ${of}).`);
      };
      count();
      ticking = setInterval(count, 250);
      if (was !== 'lost') setText(announcer, `${lostWords(at, why)} Trying again.`);
    },
    given_up({ at, why, tries }, tryNow) {
      tell(`${lostWords(at, why)} ${tries} tries did not reach it.`, 'Try again', tryNow);
      setText(announcer, `${lostWords(at, why)} It is no longer tried.`);
    },
    refused() {
      notice.hidden = true;
    },
    problem({ words }) {
      tell(words, 'Load again', () => location.reload());
      setText(announcer, words);
    },
    off() {
      notice.hidden = true;
    },
  };

  return function show(state, tryNow) {
    if (state.kind === 'problem') return states.problem(state);
    clearInterval(ticking);
    liveness.hidden = state.kind === 'off';
    liveness.dataset.state = state.kind;
    setText(liveness, LIVENESS[state.kind] ?? '');
    states[state.kind](state, tryNow);
    if (state.kind !== 'connecting') was = state.kind;
  };
}

const LIVENESS = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Not live',
  given_up: 'Not live',
  refused: 'Not live',
};

function lostWords(at, why = '') {
  const words = `The live feed was lost at ${exactTimeOf(at)}; the numbers stand as of then.`;
  return why ? `${words} ${why}` : words;
}
