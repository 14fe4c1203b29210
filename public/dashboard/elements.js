/** The page is built from elements, never from markup in texts: what a campaign is called can do nothing here. */

const SVG = 'http://www.w3.org/2000/svg';

/** `h('p', { class: 'hint' }, 'Some ', h('b', {}, 'words'))`; `onclick` and the like become listeners. */
export function h(tag, attributes = {}, ...children) {
  return build(document.createElement(tag), attributes, children);
}

/** The same for the parts of a drawing. */
export function svg(tag, attributes = {}, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children);
}

/** Changes a text only where it differs, so that nothing is read out or selected anew for no reason. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A figure that lives with the page: its words, and the element that shows them. */
export function label(tag, attributes) {
  const element = h(tag, attributes);
  return { element, set: (text) => setText(element, text) };
}

/**
 * Runs `act` at once, and again at most every so many milliseconds: however often it is asked in between, the last wish is
 * not lost.
 */
export function atMostEvery(ms, act) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let isWanted = false;
  let isResting = false;
  const run = () => {
    isWanted = false;
    isResting = true;
    act();
    timer = setTimeout(() => {
      isResting = false;
      if (isWanted) run();
    }, ms);
  };
  const ask = () => {
    isWanted = true;
    if (!isResting) run();
  };
  return Object.assign(ask, {
    stop: () => {
      // It rests for good: the end of its rest does not come.
      clearTimeout(timer);
      isResting = true;
    },
  });
}

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}
