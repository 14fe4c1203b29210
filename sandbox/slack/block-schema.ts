/** The small language in which the Block Kit rules are written; messages are worded as Slack words them. */

import type { Json, JsonObject } from '#sandbox/page-protocol.ts';

export type Surface = 'message' | 'modal' | 'home';

/** One reason why Slack refuses a payload; `pointer` names the place as in `response_metadata.messages`. */
export type Problem = { pointer: string; message: string };

export type Place = { pointer: string; surface: Surface; problems: Problem[] };
export type Check = (value: Json | undefined, place: Place) => void;

export function report(place: Place, message: string, child?: string | number): void {
  place.problems.push({
    pointer: child === undefined ? place.pointer : `${place.pointer}/${child}`,
    message,
  });
}

export function inside(place: Place, child: string | number): Place {
  return { ...place, pointer: `${place.pointer}/${child}` };
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function string(max: number, min = 0): Check {
  return (value, place) => {
    if (typeof value !== 'string') report(place, 'must provide a string');
    else if (value.length > max) report(place, `must be less than ${max + 1} characters`);
    else if (value.length < min) report(place, `must be more than ${min - 1} characters`);
  };
}

export function matching(pattern: RegExp, message: string): Check {
  return (value, place) => {
    if (typeof value !== 'string' || !pattern.test(value)) report(place, message);
  };
}

export function url(max = 3000): Check {
  return (value, place) => {
    string(max, 1)(value, place);
    if (typeof value === 'string' && !/^(https?|mailto|tel|slack):/i.test(value))
      report(place, 'invalid url');
  };
}

export function number(range: { min?: number; max?: number; whole?: boolean; above?: number } = {}): Check {
  return (value, place) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return report(place, 'must provide a number');
    if (range.whole && !Number.isInteger(value)) report(place, 'must provide an integer');
    if (range.min !== undefined && value < range.min) report(place, `must be at least ${range.min}`);
    if (range.max !== undefined && value > range.max) report(place, `must be at most ${range.max}`);
    if (range.above !== undefined && value <= range.above)
      report(place, `must be greater than ${range.above}`);
  };
}

export const flag: Check = (value, place) => {
  if (typeof value !== 'boolean') report(place, 'must provide a boolean');
};

export const anything: Check = () => undefined;

export function choice(...allowed: string[]): Check {
  return (value, place) => {
    if (typeof value !== 'string' || !allowed.includes(value)) report(place, 'must be a valid enum value');
  };
}

export function list(check: Check, size: { min?: number; max?: number } = {}): Check {
  return (value, place) => {
    if (!Array.isArray(value)) return report(place, 'must provide an array');
    if (size.max !== undefined && value.length > size.max)
      report(place, `no more than ${size.max} items allowed`);
    if (size.min !== undefined && value.length < size.min)
      report(place, `no fewer than ${size.min} items allowed`);
    value.forEach((item, index) => {
      check(item, inside(place, index));
    });
  };
}

export type Fields = Record<string, Check>;

/** An object with exactly these fields; `also` looks at what no single field can tell. */
export function object(
  required: Fields,
  optional: Fields = {},
  also?: (value: JsonObject, place: Place) => void,
): Check {
  const fields = { ...optional, ...required };
  return (value, place) => {
    if (!isObject(value)) return report(place, 'must provide an object');
    for (const name of Object.keys(required)) {
      if (isAbsent(value[name])) report(place, `missing required field: ${name}`);
    }
    for (const [name, field] of Object.entries(value)) checkField(name, field);
    also?.(value, place);

    function checkField(name: string, field: Json): void {
      if (isAbsent(field)) return;
      const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (check) check(field, inside(place, name));
      else report(place, `invalid additional property: ${name}`);
    }
  };
}

/** Picks the rule by the object's `type`; anything not among `allowed` is refused. */
export function typed(rules: () => Fields, allowed: readonly string[]): Check {
  return (value, place) => {
    if (!isObject(value)) return report(place, 'must provide an object');
    const { type } = value;
    if (typeof type !== 'string') return report(place, 'missing required field: type');
    const rule = allowed.includes(type) ? rules()[type] : undefined;
    if (rule) rule(value, place);
    else report(place, `unsupported type: ${type}`, 'type');
  };
}

export function exactlyOne(...names: string[]): (value: JsonObject, place: Place) => void {
  return (value, place) => {
    const given = names.filter((name) => !isAbsent(value[name]));
    if (given.length !== 1) report(place, `must provide exactly one of: ${names.join(', ')}`);
  };
}

export function atLeastOne(...names: string[]): (value: JsonObject, place: Place) => void {
  return (value, place) => {
    if (names.every((name) => isAbsent(value[name])))
      report(place, `missing required field: ${names.join(' or ')}`);
  };
}

export function all(
  ...checks: ((value: JsonObject, place: Place) => void)[]
): (value: JsonObject, place: Place) => void {
  return (value, place) => {
    for (const check of checks) check(value, place);
  };
}

function isAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null;
}
