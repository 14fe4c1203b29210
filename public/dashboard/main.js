import { campaignView } from './campaign.js';
import { campaignsView } from './campaigns.js';
import { h } from './elements.js';
import { feedNotice } from './notice.js';
import { signIn, WRONG } from './sign-in.js';
import { forgetToken, keepToken, readToken } from './token.js';
import { zone } from './words.js';

/** One view at a time, chosen by the address: `#/` is the list, `#/campaigns/42` one campaign. */

const [content, signOut, foot] = [partOf('content'), partOf('sign-out'), partOf('foot')];
const showFeed = feedNotice({
  liveness: partOf('liveness'),
  notice: partOf('notice'),
  announcer: partOf('announcer'),
});
let view = /** @type {{ element: HTMLElement, title: string, close(): void } | null} */ (null);

function open(next) {
  view?.close();
  view = next;
  document.title = `${next.title} · Ringmaster`;
  content.replaceChildren(next.element);
}

function openSignIn(words = '') {
  forgetToken();
  signOut.hidden = true;
  showFeed({ kind: 'off' });
  const form = signIn({
    words,
    onToken(token) {
      keepToken(token);
      openView();
    },
  });
  open(form);
  form.focus();
}

function openView() {
  const token = readToken();
  if (!token) return openSignIn();
  signOut.hidden = false;
  showFeed({ kind: 'off' });
  const [, id] = /^#\/campaigns\/(\d+)$/.exec(location.hash) ?? [];
  const told = { token, onFeed, onProblem };
  open(id ? campaignView({ ...told, id: Number(id) }) : campaignsView(told));
}

function onFeed(state, tryNow) {
  if (state.kind === 'refused') return state.code === 1008 ? openSignIn(WRONG) : openMissing();
  showFeed(state, tryNow);
}

function onProblem(error) {
  if (error.status === 401) return openSignIn(WRONG);
  if (error.status === 404) return openMissing();
  if (error.status === 403) return openSignIn(error.message);
  // Without any answer the feed is lost as well, and says so.
  if (error.status !== 0) showFeed({ kind: 'problem', words: error.message ?? String(error) });
}

function openMissing() {
  showFeed({ kind: 'off' });
  open({
    element: h(
      'div',
      { class: 'panel missing' },
      h('h1', {}, 'There is no such campaign'),
      h('p', {}, 'It was deleted, or belongs to another workspace than this token.'),
      h('a', { href: '#/' }, 'All campaigns'),
    ),
    title: 'No such campaign',
    close() {},
  });
  content.focus({ preventScroll: true });
}

/** @returns {HTMLElement} */
function partOf(id) {
  const part = document.getElementById(id);
  if (!part) throw new Error(`The page has no part ${id}.`);
  return part;
}

signOut.onclick = () => openSignIn();
// The address says which view this is: a jump within it must not change it.
partOf('skip').onclick = (event) => {
  event.preventDefault();
  content.focus();
};
window.addEventListener('hashchange', () => {
  openView();
  content.focus({ preventScroll: true });
  scrollTo(0, 0);
});
foot.textContent = `Times are on this computer’s clock (${zone()}). Everything here comes from the API, whose reference is at `;
foot.append(h('a', { href: '/api/docs' }, '/api/docs'), '.');
openView();
