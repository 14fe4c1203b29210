/** A value that prints as `[secret]` wherever it ends up; `reveal` is for the one place that needs it. */
export type Secret = { reveal(): string };

/** By which Node.js asks a value how it is to be printed (`util.inspect.custom`). */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Wraps a value so that logs, errors and JSON show `[secret]`. */
export function secret(value: string): Secret {
  const hidden = () => '[secret]';
  return Object.freeze({ reveal: () => value, toString: hidden, toJSON: hidden, [INSPECT]: hidden });
}
