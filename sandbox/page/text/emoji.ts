/** The short names a campaign bot and its people use; others stay as typed, as Slack does with unknown names. */
const characters: Record<string, string> = {
  '+1': '👍',
  thumbsup: '👍',
  '-1': '👎',
  thumbsdown: '👎',
  wave: '👋',
  clap: '👏',
  pray: '🙏',
  raised_hands: '🙌',
  ok_hand: '👌',
  point_right: '👉',
  point_down: '👇',
  muscle: '💪',
  eyes: '👀',
  raised_hand: '✋',
  raised_back_of_hand: '🤚',
  handshake: '🤝',
  smile: '😄',
  slightly_smiling_face: '🙂',
  grin: '😁',
  joy: '😂',
  wink: '😉',
  thinking_face: '🤔',
  sob: '😭',
  heart: '❤️',
  fire: '🔥',
  tada: '🎉',
  sparkles: '✨',
  star: '⭐',
  rocket: '🚀',
  zap: '⚡',
  bulb: '💡',
  boom: '💥',
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  ballot_box_with_check: '☑️',
  x: '❌',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  warning: '⚠️',
  rotating_light: '🚨',
  exclamation: '❗',
  question: '❓',
  grey_question: '❔',
  octagonal_sign: '🛑',
  information_source: 'ℹ️',
  bell: '🔔',
  no_bell: '🔕',
  mute: '🔇',
  loudspeaker: '📢',
  mega: '📣',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  alarm_clock: '⏰',
  stopwatch: '⏱️',
  clock3: '🕒',
  clock9: '🕘',
  calendar: '📅',
  date: '📅',
  spiral_calendar_pad: '🗓️',
  crescent_moon: '🌙',
  sunny: '☀️',
  zzz: '💤',
  phone: '☎️',
  telephone: '☎️',
  telephone_receiver: '📞',
  iphone: '📱',
  calling: '📲',
  speech_balloon: '💬',
  left_speech_bubble: '🗨️',
  envelope: '✉️',
  email: '📧',
  incoming_envelope: '📨',
  inbox_tray: '📥',
  vhs: '📼',
  outbox_tray: '📤',
  robot_face: '🤖',
  circus_tent: '🎪',
  busts_in_silhouette: '👥',
  bust_in_silhouette: '👤',
  lock: '🔒',
  unlock: '🔓',
  key: '🔑',
  bar_chart: '📊',
  chart_with_upwards_trend: '📈',
  chart_with_downwards_trend: '📉',
  clipboard: '📋',
  memo: '📝',
  pencil: '✏️',
  pencil2: '✏️',
  page_facing_up: '📄',
  file_folder: '📁',
  paperclip: '📎',
  link: '🔗',
  pushpin: '📌',
  round_pushpin: '📍',
  mag: '🔍',
  gear: '⚙️',
  wrench: '🔧',
  hammer_and_wrench: '🛠️',
  wastebasket: '🗑️',
  package: '📦',
  moneybag: '💰',
  dollar: '💵',
  money_with_wings: '💸',
  ticket: '🎫',
  dart: '🎯',
  checkered_flag: '🏁',
  label: '🏷️',
  arrow_forward: '▶️',
  double_vertical_bar: '⏸️',
  pause_button: '⏸️',
  black_square_for_stop: '⏹️',
  stop_button: '⏹️',
  arrows_counterclockwise: '🔄',
  repeat: '🔁',
  fast_forward: '⏩',
  arrow_right: '➡️',
  arrow_left: '⬅️',
  arrow_up: '⬆️',
  arrow_down: '⬇️',
  heavy_plus_sign: '➕',
  heavy_minus_sign: '➖',
  red_circle: '🔴',
  large_orange_circle: '🟠',
  large_yellow_circle: '🟡',
  large_green_circle: '🟢',
  large_blue_circle: '🔵',
  white_circle: '⚪',
  black_circle: '⚫',
  large_purple_circle: '🟣',
  one: '1️⃣',
  two: '2️⃣',
  three: '3️⃣',
  four: '4️⃣',
  five: '5️⃣',
  '100': '💯',
};

export function isEmojiName(name: string): boolean {
  return Object.hasOwn(characters, name);
}

export function emojiCharacter(name: string): string | null {
  return isEmojiName(name) ? (characters[name] ?? null) : null;
}

export type EmojiPiece = { type: 'text'; text: string } | { type: 'emoji'; name: string };

/** Finds the emoji that were typed as characters, so that they are drawn like those typed by name. */
export function splitEmoji(text: string): EmojiPiece[] {
  if (!/\p{Extended_Pictographic}/u.test(text)) return [{ type: 'text', text }];
  const pieces: EmojiPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(knownCharacters)) {
    const name = nameByCharacter.get(bare(match[0]));
    if (!name) continue;
    if (match.index > from) pieces.push({ type: 'text', text: text.slice(from, match.index) });
    pieces.push({ type: 'emoji', name });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ type: 'text', text: text.slice(from) });
  return pieces;
}

const presentation = '\u{FE0F}';
const nameByCharacter = new Map(
  Object.entries(characters).map(([name, character]) => [bare(character), name] as const),
);
const knownCharacters = new RegExp(`(?:${[...nameByCharacter.keys()].join('|')})${presentation}?`, 'gu');

function bare(character: string): string {
  return character.replace(presentation, '');
}
