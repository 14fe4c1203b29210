import { describe, expect, it } from 'vitest';
import { rejectHeader, rejectLine, withoutRejects } from '#domain/contact-import/reject-csv.ts';
import { isAbout, mentions, mentionsMasked, personMarks } from '#domain/person-marks.ts';

const zed = personMarks('+14155550187', ['Zed Quill', 'zed@quill.example', ' ', 'Zed']);

describe('the marks of a person', () => {
  it('are the digits of their number without country code, and names that hardly anybody shares', () => {
    expect(zed).toMatchObject({ digits: '4155550187', names: ['Zed Quill', 'zed@quill.example'] });
    expect(personMarks('+493012345678', []).digits).toBe('3012345678');
    expect(personMarks('+290999', []).digits).toBe('290999');
  });

  it.each([
    ['call (415) 555-0187 now', true],
    ['+1 415-555-0187', true],
    ['{"From":"%2B14155550187"}', true],
    ['Zed Quill asked', true],
    ['Zed Quillington asked', false],
    ['Zed asked', false],
    ['415 555 0188', false],
    ['', false],
  ])('are in “%s”: %s', (text, isIn) => {
    expect(mentions(text, zed)).toBe(isIn);
  });

  it.each([
    ['Zed (+1 415 •••-••87) asked', true],
    ['+1 415 •••-••87 asked', false],
    ['Zedekiah (+1 415 •••-••87) asked', false],
    ['Zed (+1 415 •••-••88) asked', false],
  ])('are meant by “%s”, masked as it is: %s', (text, isMeant) => {
    expect(mentionsMasked(text, '+1 415 •••-••87', zed)).toBe(isMeant);
  });

  it('are meant by the masked number alone where they have no name', () => {
    const nameless = personMarks('+14155550187', []);
    expect(mentionsMasked('+1 415 •••-••87 asked', '+1 415 •••-••87', nameless)).toBe(true);
  });

  it.each([
    ['415.555.0187', true],
    ['1 (415) 555-0187', true],
    ['zed quill', true],
    ['Zed', false],
    ['4155550187 ext 5', false],
  ])('fill the cell “%s”: %s', (cell, isTheirs) => {
    expect(isAbout(cell, zed)).toBe(isTheirs);
  });
});

describe('a file of rejected rows', () => {
  const row = (line: number, value: string, cells: string[]) =>
    rejectLine({ line, value, reason: 'duplicate', sentence: 'Twice.', cells });

  it('loses the rows of one person, and keeps its head and all others letter by letter', () => {
    const head = rejectHeader(['phone', 'note']);
    const others =
      row(3, '212 555 0101', ['212 555 0101', 'a "quote", a\nline']) + row(9, '12', ['12', '=1+1']);
    const theirs = row(2, '(415) 555-0187', ['(415) 555-0187', 'x']);
    expect(withoutRejects(`${head}${theirs}${others}`, (cell) => isAbout(cell, zed))).toBe(
      `${head}${others}`,
    );
    expect(withoutRejects(others, (cell) => isAbout(cell, zed))).toBe(others);
    expect(withoutRejects(theirs, (cell) => isAbout(cell, zed))).toBe('');
  });
});
