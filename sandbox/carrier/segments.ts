const GSM_BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const GSM_EXTENDED = '\f^{}\\[~]|€';

const septetsOf = new Map<string, number>([
  ...[...GSM_BASIC].map((character): [string, number] => [character, 1]),
  ...[...GSM_EXTENDED].map((character): [string, number] => [character, 2]),
]);

export type Segmentation = { encoding: 'GSM-7' | 'UCS-2'; segments: number };

/** How a body travels: one character outside GSM-7 turns the whole text into UCS-2 (telephony.md §3). */
export function segmentsOf(body: string): Segmentation {
  const characters = [...body];
  const septets = characters.map((character) => septetsOf.get(character) ?? 0);
  if (septets.includes(0)) {
    const units = characters.map((character) => character.length);
    return { encoding: 'UCS-2', segments: partsOf(units, 70, 67) };
  }
  return { encoding: 'GSM-7', segments: partsOf(septets, 160, 153) };
}

/** An escape pair or a surrogate pair is never torn over two parts. */
function partsOf(widths: number[], alone: number, each: number): number {
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total <= alone) return 1;
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > each) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return parts;
}
