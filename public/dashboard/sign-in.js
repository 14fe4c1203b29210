import { ApiError, get } from './api.js';
import { h, label } from './elements.js';

const PRINTABLE = /^[!-~]+$/;

/** Asks for a token, and tries it before it is kept. `words` say why it is asked for again. */
export function signIn({ words, onToken }) {
  const field = h('input', {
    id: 'token',
    type: 'password',
    autocomplete: 'off',
    spellcheck: 'false',
    required: true,
    'aria-describedby': 'token-hint token-problem',
  });
  const problem = label('p', { id: 'token-problem', class: 'problem', role: 'alert' });
  const button = h('button', { class: 'primary', type: 'submit' }, 'Show the campaigns');
  problem.set(words);

  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    problem.set('');
    try {
      const token = field.value.trim();
      // What no header can carry is no token, and would not even be sent.
      if (!PRINTABLE.test(token)) throw new ApiError(401, WRONG);
      await get(token, '/campaigns?per_page=1');
      onToken(token);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem.set(error.status === 401 ? WRONG : error.message);
      field.setAttribute('aria-invalid', 'true');
      field.select();
    } finally {
      button.disabled = false;
    }
  };

  const element = h(
    'form',
    { class: 'sign-in panel', onsubmit: submit },
    h('h1', {}, 'Watch your campaigns'),
    h('p', {}, 'Live numbers of every campaign of the workspace, read with an API token.'),
    h('label', { for: 'token' }, 'API token'),
    field,
    problem.element,
    button,
    h(
      'p',
      { id: 'token-hint', class: 'hint' },
      'Make one in Slack with ',
      h('code', {}, '/campaign token'),
      '; the scope ',
      h('code', {}, 'read'),
      ' is enough. It stays in this tab and is gone when the tab is closed.',
    ),
  );
  return { element, title: 'Sign in', focus: () => field.focus(), close() {} };
}

export const WRONG =
  'This token is not in force: it is mistyped, expired or revoked. Make a new one with /campaign token in Slack.';
