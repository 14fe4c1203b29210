import { svg } from './elements.js';

/** Every state has a shape of its own, so that no one has to tell colours apart. */
const SHAPES = {
  draft: 'M4 12.5 3.5 15l2.5-.5L14 6.5 11.5 4zM10 5.5 12.5 8',
  scheduled: 'M9 3.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 9 3.2zM9 6v3.2l2.2 1.4',
  running: 'M6 4.2v9.6L13.6 9z',
  paused: 'M6.5 4.5v9M11.5 4.5v9',
  completed: 'M3.8 9.6 7.3 13l7-8',
  cancelled: 'M5.2 5.2h7.6v7.6H5.2z',
  failed: 'M9 3.6v6.6M9 13.6v.3',
  no_answer: 'M4 9h10',
  busy: 'M5 5l8 8M13 5l-8 8',
  voicemail:
    'M5.5 6.5a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2zM12.5 6.5a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2zM5.5 11.7h7',
  in_progress: 'M9 3.5a5.5 5.5 0 1 1-5.5 5.5',
  pending: 'M9 5.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
  skipped: 'M4.5 5 9 9l-4.5 4zM10 5l4.5 4-4.5 4z',
  hold: 'M9 3.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 9 3.2zM9 6v3.6M9 12v.2',
};

/** A drawing beside words that say the same. */
export function icon(name) {
  return svg(
    'svg',
    { class: `icon icon-${name}`, viewBox: '0 0 18 18', 'aria-hidden': 'true' },
    svg('path', { d: SHAPES[name] ?? SHAPES.pending }),
  );
}
