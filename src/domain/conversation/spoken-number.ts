const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS: Readonly<Record<string, number>> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fourty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};

/** English number words below a hundred as digits: “three thirty” → “3 30”, “twenty-five” → “25”, “oh five” → “05”. */
export function withDigits(text: string): string {
  const units = UNITS.join('|');
  const tens = Object.keys(TENS).join('|');
  return text
    .replace(new RegExp(`\\b(${tens})(?:[ -](${UNITS.slice(1, 10).join('|')}))?\\b`, 'g'), (_, ten, unit) =>
      String((TENS[ten] ?? 0) + (unit ? UNITS.indexOf(unit) : 0)),
    )
    .replace(
      new RegExp(`\\boh (${UNITS.slice(1, 10).join('|')})\\b`, 'g'),
      (_, unit) => `0${UNITS.indexOf(unit)}`,
    )
    .replace(new RegExp(`\\b(${units})\\b`, 'g'), (word) => String(UNITS.indexOf(word)));
}

/**
 * The one number of a short answer (“about forty two”, “3.5”), as digits; null when there is none or more than one, and
 * for “the blue one”.
 */
export function spokenNumber(text: string): string | null {
  const digits = withDigits(text.toLowerCase());
  const found = digits.match(/\d+(?:[.,]\d+)*/g);
  const words = digits.trim().split(/\s+/).length;
  const isPronoun = /\bone\b/i.test(text) && words > 1;
  return found?.length === 1 && words <= MOST_WORDS && !isPronoun ? (found[0] ?? null) : null;
}

const MOST_WORDS = 4;
