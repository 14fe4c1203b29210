export type Shape = { path: string; fill?: string; stroke?: string; width?: number };

const red = '#d5473c';
const green = '#2f9e5b';
const amber = '#f0b429';
const orange = '#e8842a';
const blue = '#3b82d6';
const purple = '#8b61c9';
const dark = '#3d4a45';
const pale = '#e9eef0';
const white = '#ffffff';

const disc = 'M10 1.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z';
const tile =
  'M4.5 2h11A2.5 2.5 0 0 1 18 4.5v11a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 2 15.5v-11A2.5 2.5 0 0 1 4.5 2z';
const octagon = 'M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z';
const bubble = 'M2 3.5h16v10.5H9.5L5.5 18v-4H2z';
const sheet = 'M4 1.5h8.5L16 5v13.5H4z';

function dot(color: string): Shape[] {
  return [{ path: disc, fill: color }];
}

function onTile(path: string, color = blue): Shape[] {
  return [
    { path: tile, fill: color },
    { path, fill: white },
  ];
}

function line(path: string, stroke: string, width = 2): Shape {
  return { path, stroke, width };
}

const hand: Shape[] = [
  {
    path: 'M5 10V5.5a1.2 1.2 0 0 1 2.4 0V3.2a1.2 1.2 0 0 1 2.4 0v-.4a1.2 1.2 0 0 1 2.4 0v1.4a1.2 1.2 0 0 1 2.4 0V13a6 6 0 0 1-6 5.5C5.5 18.5 4 16 3 12.5c-.4-1.4 1-2.2 2-1z',
    fill: amber,
  },
];

const hourglass: Shape[] = [
  { path: 'M5 2h10v3.5L11.5 10l3.5 4.5V18H5v-3.5L8.5 10 5 5.5z', fill: pale, stroke: '#8a6a2f', width: 1.4 },
  { path: 'M7 5.5h6L10 9.5zM7 16.8c0-2 1.5-3 3-3s3 1 3 3z', fill: amber },
];

/** Status signs drawn by us, on a 20 × 20 grid, so that they look the same where no emoji font is installed. */
export const emojiArt: Record<string, Shape[]> = {
  white_check_mark: [{ path: tile, fill: green }, line('m5.5 10.5 3.2 3.2 6-7', white, 2.4)],
  heavy_check_mark: [line('m3 11 4.5 4.5L17 4.5', green, 3)],
  x: [line('m4 4 12 12M16 4 4 16', red, 3.2)],
  warning: [{ path: 'M10 1.8 19 17.8H1z', fill: amber }, line('M10 7v5M10 14.8v.1', '#40300a', 2)],
  octagonal_sign: [{ path: octagon, fill: red }, line('M5.5 10h9', white, 2.6)],
  no_entry: [{ path: disc, fill: red }, line('M5.5 10h9', white, 2.6)],
  no_entry_sign: [line('M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4zM5 5l10 10', red, 2.6)],
  raised_hand: hand,
  raised_back_of_hand: hand,
  hourglass_flowing_sand: hourglass,
  hourglass,
  bell: [
    {
      path: 'M10 2a5.5 5.5 0 0 1 5.5 5.5c0 4 1.5 5.5 2 6.5h-15c.5-1 2-2.5 2-6.5A5.5 5.5 0 0 1 10 2zM8 15.5h4a2 2 0 0 1-4 0z',
      fill: amber,
    },
  ],
  question: [line('M6.5 6.5a3.5 3.5 0 1 1 5.2 3.1C10.5 10.3 10 11 10 12.5M10 16.3v.1', red, 2.6)],
  grey_question: [line('M6.5 6.5a3.5 3.5 0 1 1 5.2 3.1C10.5 10.3 10 11 10 12.5M10 16.3v.1', '#8b9691', 2.6)],
  exclamation: [line('M10 2.5v9.5M10 16.3v.1', red, 3)],
  information_source: [{ path: tile, fill: blue }, line('M10 9v6M10 5.5v.1', white, 2.4)],
  memo: [
    { path: sheet, fill: pale, stroke: '#9aa8a2', width: 1 },
    line('M6.5 7h6M6.5 10h6M6.5 13h3', '#7b8984', 1.4),
    line('m10.5 15.5 6.5-7', orange, 2.6),
  ],
  page_facing_up: [
    { path: sheet, fill: pale, stroke: '#9aa8a2', width: 1 },
    line('M6.5 7h7M6.5 10h7M6.5 13h7', '#7b8984', 1.4),
  ],
  clipboard: [
    { path: 'M3.5 3.5h13v15h-13z', fill: '#b98a53' },
    { path: 'M5.5 5.5h9v11h-9z', fill: white },
    { path: 'M7 2h6v3.5H7z', fill: dark },
    line('M7.5 9h5M7.5 12h5', '#7b8984', 1.4),
  ],
  spiral_calendar_pad: calendar(),
  calendar: calendar(),
  date: calendar(),
  speech_balloon: [{ path: bubble, fill: '#8fbef0' }, line('M5.5 7h9M5.5 10.2h6', white, 1.6)],
  envelope: [{ path: 'M1.5 4h17v12h-17z', fill: '#8fbef0' }, line('m2 5 8 6 8-6', white, 1.6)],
  arrow_forward: onTile('M7.5 5.5v9l7-4.5z'),
  double_vertical_bar: onTile('M6 5.5h2.8v9H6zM11.2 5.5H14v9h-2.8z'),
  pause_button: onTile('M6 5.5h2.8v9H6zM11.2 5.5H14v9h-2.8z'),
  black_square_for_stop: onTile('M6 6h8v8H6z'),
  stop_button: onTile('M6 6h8v8H6z'),
  checkered_flag: [
    line('M4 2v16.5', dark, 1.8),
    { path: 'M5 3h12v8.5H5z', fill: white, stroke: dark, width: 1 },
    {
      path: 'M5 3h3v2.8H5zM11 3h3v2.8h-3zM8 5.8h3v2.9H8zM14 5.8h3v2.9h-3zM5 8.7h3v2.8H5zM11 8.7h3v2.8h-3z',
      fill: dark,
    },
  ],
  bar_chart: [
    { path: tile, fill: pale },
    { path: 'M5 11h2.5v4.5H5z', fill: green },
    { path: 'M8.8 5h2.5v10.5H8.8z', fill: blue },
    { path: 'M12.5 8h2.5v7.5h-2.5z', fill: red },
  ],
  chart_with_upwards_trend: [{ path: tile, fill: pale }, line('m4.5 14 4-4 2.5 2.5L16 6', red, 2)],
  telephone_receiver: [
    { path: 'M5 2 8 3l1 4-2 1.5c.8 2 2.5 3.7 4.5 4.5L13 11l4 1 1 3-2 3C9 18.5 1.5 11 2 4z', fill: dark },
  ],
  telephone: [
    { path: 'M2 7c0-5 16-5 16 0v2.5h-4.5v-3h-7v3H2z', fill: red },
    { path: 'M6.5 8h7l3 9.5h-13z', fill: red },
    { path: 'M10 10a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2z', fill: white },
  ],
  handshake: [
    { path: 'M1 5h4v8H1z', fill: blue },
    { path: 'M15 5h4v8h-4z', fill: green },
    { path: 'M5 6h4l1 1 1-1h4v6l-4.5 4.5h-1L5 12z', fill: amber },
    line('M10 7 7.5 9.5 9 11l2.5-2 3 3', '#b3801a', 1.2),
  ],
  inbox_tray: [
    { path: 'M2 11h4l1.5 2.5h5L14 11h4v7H2z', fill: '#7b8984' },
    line('M10 2v7M6.5 6 10 9.5 13.5 6', blue),
  ],
  vhs: [
    { path: 'M1.5 4.5h17v11h-17z', fill: dark },
    {
      path: 'M6 7.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM14 7.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z',
      fill: white,
    },
  ],
  iphone: [
    {
      path: 'M6.5 1.5h7A1.5 1.5 0 0 1 15 3v14a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 5 17V3a1.5 1.5 0 0 1 1.5-1.5z',
      fill: dark,
    },
    { path: 'M6.3 4h7.4v11H6.3z', fill: '#8fbef0' },
  ],
  rocket: [
    {
      path: 'M18 2c-5 0-8.5 3-10.5 6.5L4 9l-2 3 4 .5L7.5 14l.5 4 3-2 .5-3.5C15 10.5 18 7 18 2z',
      fill: '#9fb0bd',
    },
    { path: 'M13 5.5a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4z', fill: blue },
    { path: 'M5.5 13.5 2 18l4.5-3.5z', fill: orange },
  ],
  tada: [
    { path: 'M2 18 6.5 6.5l7 7z', fill: amber },
    line('M10 7c0-2 1-3.5 3-4M12.5 10c2-1.5 4-1.5 5.5-.5', red, 1.6),
    line('M8 2.5v.1M16.5 3.5v.1M17 14.5v.1M13 6.8v.1', purple, 2),
  ],
  eyes: [
    {
      path: 'M5.5 4C7.5 4 9 6.5 9 10s-1.5 6-3.5 6S2 13.5 2 10s1.5-6 3.5-6zM14.5 4c2 0 3.5 2.5 3.5 6s-1.5 6-3.5 6S11 13.5 11 10s1.5-6 3.5-6z',
      fill: white,
      stroke: '#8b9691',
      width: 1,
    },
    {
      path: 'M5 8.5c1 0 1.7 1 1.7 2.2S6 13 5 13s-1.7-1-1.7-2.3S4 8.5 5 8.5zM14 8.5c1 0 1.7 1 1.7 2.2S15 13 14 13s-1.7-1-1.7-2.3.7-2.2 1.7-2.2z',
      fill: dark,
    },
  ],
  red_circle: dot(red),
  large_orange_circle: dot(orange),
  large_yellow_circle: dot(amber),
  large_green_circle: dot(green),
  large_blue_circle: dot(blue),
  large_purple_circle: dot(purple),
  dollar: [
    { path: 'M1.5 5h17v10h-17z', fill: '#5aa876' },
    { path: 'M10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6z', fill: '#dff0e4' },
    line('M3.5 7v.1M16.5 7v.1M3.5 13v.1M16.5 13v.1', '#dff0e4', 1.4),
    line('M10 8.3v3.4', green, 1.2),
  ],
  white_circle: [{ path: disc, fill: white, stroke: '#9aa8a2', width: 1 }],
  black_circle: dot(dark),
};

function calendar(): Shape[] {
  return [
    { path: 'M2.5 4h15v14h-15z', fill: white, stroke: '#9aa8a2', width: 1 },
    { path: 'M2.5 4h15v4h-15z', fill: red },
    line('M6.5 2v3.5M13.5 2v3.5', dark, 1.6),
    line('M6 11h2M9 11h2M12 11h2M6 14.5h2M9 14.5h2', '#7b8984', 1.6),
  ];
}
