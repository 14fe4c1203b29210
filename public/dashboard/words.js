/** How figures, times and numbers are written. */

const whole = new Intl.NumberFormat('en-US');
const oneDigit = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const clock = /** @type {const} */ ({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dayAndTime = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', ...clock });
const time = new Intl.DateTimeFormat('en-US', clock);
const exactTime = new Intl.DateTimeFormat('en-US', { ...clock, second: '2-digit' });
const day = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric' });

/** What stands where there is nothing to say yet. */
export const NOTHING = '–';

export const count = (value) => whole.format(value ?? 0);
export const percent = (value) =>
  value === null || value === undefined ? NOTHING : `${oneDigit.format(value)} %`;
export const dollars = (value) => (value === null || value === undefined ? NOTHING : money.format(value));
export const moment = (iso) => (iso ? dayAndTime.format(new Date(iso)) : NOTHING);
/** “Nov 24, 19:00 to 19:02”; the day is said again where it is another. */
export function span(from, to) {
  const [first, last] = [new Date(from), new Date(to)];
  const isOneDay = first.toDateString() === last.toDateString();
  return `${moment(from)} to ${isOneDay ? timeOf(last) : moment(to)}`;
}

export const timeOf = (at) => time.format(at);
export const exactTimeOf = (at) => exactTime.format(at);
export const dayOf = (at) => day.format(at);
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
export const plural = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/** `45 s`, `4 min 05 s`, `4 h 03 min`. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return NOTHING;
  const rounded = Math.round(seconds);
  const minutes = Math.floor(rounded / 60);
  const two = (value) => String(value).padStart(2, '0');
  if (minutes === 0) return `${rounded} s`;
  if (minutes < 60) return `${minutes} min ${two(rounded % 60)} s`;
  return `${count(Math.floor(minutes / 60))} h ${two(minutes % 60)} min`;
}

/** A number as it may hang on a wall: how it begins and its last two digits. */
export function masked(phone) {
  const start = /^\+1\d{10}$/.test(phone) ? `+1 ${phone.slice(2, 5)}` : phone.slice(0, 3);
  return `${start} ••• ${phone.slice(-2)}`;
}

/** Statuses of campaigns and contacts are spelled as the API spells them; people read these. */
const WORDS = {
  in_progress: 'In progress',
  no_answer: 'No answer',
  call: 'Calls',
  sms: 'Texts',
  mixed: 'Calls and texts',
};

export function wordOf(name) {
  return WORDS[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
}
