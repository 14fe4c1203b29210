/** Rich text: sections, lists, quotes and preformatted runs of styled pieces. */

import { blockId } from './block-objects.ts';
import {
  anything,
  choice,
  type Fields,
  flag,
  list,
  number,
  object,
  string,
  typed,
  url,
} from './block-schema.ts';

const style = object(
  {},
  {
    bold: flag,
    italic: flag,
    strike: flag,
    code: flag,
    underline: flag,
    highlight: flag,
    client_highlight: flag,
    unlink: flag,
  },
);

const pieces: Fields = {
  text: piece({ text: string(12_000, 1) }),
  link: piece({ url: url() }, { text: string(12_000), unsafe: flag }),
  emoji: piece(
    { name: string(255, 1) },
    { unicode: string(255), url: url(), skin_tone: number({ whole: true }) },
  ),
  user: piece({ user_id: string(255, 1) }),
  usergroup: piece({ usergroup_id: string(255, 1) }),
  channel: piece({ channel_id: string(255, 1) }),
  team: piece({ team_id: string(255, 1) }),
  broadcast: piece({ range: choice('here', 'channel', 'everyone') }),
  color: piece({ value: string(255, 1) }),
  date: piece(
    { timestamp: number({ whole: true }), format: string(255, 1) },
    { url: url(), fallback: string(255) },
  ),
};
const run = list(
  typed(() => pieces, Object.keys(pieces)),
  {},
);
const border: Fields = { border: number({ min: 0, max: 1, whole: true }) };

const parts: Fields = {
  rich_text_section: object({ type: anything, elements: run }),
  rich_text_quote: object({ type: anything, elements: run }, border),
  rich_text_preformatted: object({ type: anything, elements: run }, { ...border, language: string(255) }),
  rich_text_list: object(
    { type: anything, style: choice('bullet', 'ordered'), elements: list(section()) },
    { ...border, indent: number({ min: 0, max: 8, whole: true }), offset: number({ min: 0, whole: true }) },
  ),
};

export const richText = object(
  {
    type: choice('rich_text'),
    elements: list(
      typed(() => parts, Object.keys(parts)),
      { min: 1 },
    ),
  },
  { block_id: blockId },
);

function piece(required: Fields, optional: Fields = {}) {
  return object({ type: anything, ...required }, { style, ...optional });
}

function section() {
  return typed(() => parts, ['rich_text_section']);
}
