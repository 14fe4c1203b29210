import { render } from 'preact';
import { startClock } from './clock.ts';
import { connectFeed } from './feed.ts';
import { App } from './frame/app.tsx';

const root = document.getElementById('page');
if (root) {
  root.replaceChildren();
  render(<App />, root);
}
startClock();
connectFeed();

// A file dropped beside a drop zone would otherwise replace the page.
for (const type of ['dragover', 'drop']) {
  window.addEventListener(type, (event) => event.preventDefault());
}
