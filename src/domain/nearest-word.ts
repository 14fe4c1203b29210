const LONGEST_WORD = 64;

/**
 * The candidate that a mistyped word most likely means, or undefined when none is near: at most two slips (a letter
 * missing, extra, wrong, or swapped with its neighbour), at most one in words of up to four letters. Letter case does
 * not count as a slip. Among equals the one with the same first letter wins, then the earlier one.
 */
export function nearestWord(word: string, candidates: Iterable<string>): string | undefined {
  const typed = word.toLowerCase();
  if (typed.length === 0 || typed.length > LONGEST_WORD) return undefined;
  const allowed = typed.length <= 4 ? 1 : 2;
  let best: { candidate: string; rank: number } | undefined;
  for (const candidate of candidates) {
    const wanted = candidate.toLowerCase();
    if (Math.abs(wanted.length - typed.length) > allowed) continue;
    const slips = countSlips(typed, wanted);
    if (slips > allowed) continue;
    const rank = slips * 2 + (wanted[0] === typed[0] ? 0 : 1);
    if (best === undefined || rank < best.rank) best = { candidate, rank };
  }
  return best?.candidate;
}

/** Optimal string alignment: Damerau-Levenshtein in which no letter takes part in two slips. */
function countSlips(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let slips = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && swapped) slips = Math.min(slips, at(beforeLast, column - 2) + 1);
      current.push(slips);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
