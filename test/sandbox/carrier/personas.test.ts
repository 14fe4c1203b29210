import { describe, expect, it } from 'vitest';
import { personaOf, personaRows, SPECIAL_PERSONAS } from '#sandbox/carrier/personas.ts';

describe('personas', () => {
  it('have different endings of two digits', () => {
    const endings = SPECIAL_PERSONAS.map((persona) => persona.ending);
    expect(new Set(endings).size).toBe(endings.length);
    for (const ending of endings) expect(ending).toMatch(/^\d\d$/);
  });

  it('are all listed for the page, the ordinary one last', () => {
    expect(personaRows()).toHaveLength(SPECIAL_PERSONAS.length + 1);
    expect(personaRows().at(-1)).toMatchObject({ id: 'ordinary', numberEnding: 'any other' });
  });

  it('behave the same for the same seed', () => {
    const numbers = Array.from({ length: 300 }, (_, index) => `+1212555${String(index).padStart(4, '0')}`);
    const labels = (seed: string) => numbers.map((number) => personaOf(number, seed).label);
    expect(labels('a')).toEqual(labels('a'));
    expect(labels('a')).not.toEqual(labels('b'));
  });

  it('leave the numbers that people invent for examples to ordinary contacts', () => {
    const invented = Array.from({ length: 70 }, (_, index) => `+12025550${100 + index}`);
    const ids = new Set(invented.map((number) => personaOf(number, 'sandbox').id));
    expect(ids).toEqual(new Set(['ordinary']));
  });

  it('let nearly every ordinary text arrive and some be answered', () => {
    const numbers = Array.from(
      { length: 4_000 },
      (_, index) => `+1312${2_000_000 + index * 100 + (index % 70)}`,
    );
    const rules = numbers.map((number) => personaOf(number, 'sandbox'));
    const share = (test: (rule: (typeof rules)[number]) => boolean) =>
      rules.filter(test).length / rules.length;
    expect(share((rule) => rule.deliveryError === undefined)).toBeGreaterThan(0.95);
    expect(share((rule) => rule.reply !== undefined)).toBeGreaterThan(0.1);
    expect(share((rule) => rule.reply !== undefined)).toBeLessThan(0.25);
  });
});
