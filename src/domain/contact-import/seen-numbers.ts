/** Remembers a million phone numbers in some 30 MB, each with the line where it was first seen. */
export type SeenNumbers = {
  /** Notes a number (E.164, with its `+`); the line of its first sighting, or null when this is the first. */
  firstLineOf(phoneNumber: string, line: number): number | null;
};

/** An empty memory: open addressing over typed arrays, because a Set of strings takes five times as much. */
export function createSeenNumbers(): SeenNumbers {
  let capacity = 1024;
  let count = 0;
  // Zero is nobody's number, so it marks an empty place.
  let numbers = new Float64Array(capacity);
  let lines = new Int32Array(capacity);
  const longOnes = new Map<string, number>();

  const grow = () => {
    const [oldNumbers, oldLines] = [numbers, lines];
    capacity *= 2;
    numbers = new Float64Array(capacity);
    lines = new Int32Array(capacity);
    oldNumbers.forEach((number, index) => {
      if (number === 0) return;
      const place = placeOf(numbers, number);
      numbers[place] = number;
      lines[place] = oldLines[index] ?? 0;
    });
  };
  const amongLongOnes = (phoneNumber: string, line: number) => {
    const first = longOnes.get(phoneNumber) ?? null;
    if (first === null) longOnes.set(phoneNumber, line);
    return first;
  };
  return {
    firstLineOf(phoneNumber, line) {
      if (phoneNumber.length > EXACT_LENGTH) return amongLongOnes(phoneNumber, line);
      const number = Number(phoneNumber.slice(1));
      const place = placeOf(numbers, number);
      if (numbers[place] === number) return lines[place] ?? null;
      numbers[place] = number;
      lines[place] = line;
      count += 1;
      if (count > capacity * FULLEST) grow();
      return null;
    },
  };
}

// A plus and 15 digits, the longest that E.164 allows and that a double holds exactly.
const EXACT_LENGTH = 16;
const FULLEST = 0.6;
const SPREAD = 0x9e3779b1;
const HALF = 2 ** 32;

/** Where a number is, or the empty place where it belongs. */
function placeOf(numbers: Float64Array, number: number): number {
  const last = numbers.length - 1;
  let place = (Math.imul((number % HALF) ^ (number / HALF), SPREAD) >>> 4) & last;
  while (numbers[place] !== 0 && numbers[place] !== number) place = (place + 1) & last;
  return place;
}
