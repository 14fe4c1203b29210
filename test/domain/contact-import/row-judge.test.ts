import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggestMapping } from '#domain/contact-import/mapping.ts';
import { isRejectColumn, rejectHeader, rejectLine } from '#domain/contact-import/reject-csv.ts';
import {
  createRowJudge,
  ROW_PROBLEMS,
  ROW_REMARKS,
  reasonSentence,
} from '#domain/contact-import/row-judge.ts';
import { createSeenNumbers } from '#domain/contact-import/seen-numbers.ts';

const NOW = new Date('2026-11-23T12:00:00Z');

/** The verdicts on these rows, in a file with this header. */
function judge(headers: string[], ...rows: (string[] | null)[]) {
  const judging = createRowJudge(suggestMapping(headers, [], 'US'), 'US', NOW);
  return rows.map((cells, index) => judging.judge(index + 2, cells));
}
const values = (verdict: ReturnType<typeof judge>[number] | undefined) =>
  verdict?.kind === 'loaded' ? JSON.parse(verdict.variableValues) : verdict;

describe('a row', () => {
  it('is loaded with its number and every value that is not blank', () => {
    const [verdict] = judge(['phone', 'name', 'city', 'note'], [' (212) 373-4253 ', ' Bob ', '', '  ']);
    expect(verdict).toEqual({
      kind: 'loaded',
      line: 2,
      phoneNumber: '+12123734253',
      variableValues: '{"name":"Bob"}',
      customFields: '{}',
      hasExtra: false,
      roles: null,
    });
  });

  it('keeps quotes, line ends, backslashes and emoji as they are', () => {
    const cell = 'say "hi"\n\\back\\ \t 🦷';
    expect(values(judge(['phone', 'note'], ['2123734253', cell])[0])).toEqual({ note: cell });
  });

  it('gets a name from its first and last name when no column holds one', () => {
    const [both, first, none] = judge(
      ['Vorname', 'Name', 'Handy'],
      ['Eva', 'Muster', '2123734253'],
      ['Eva', ' ', '2123734254'],
      ['', '', '2123734255'],
    );
    expect(values(both)).toEqual({ name: 'Eva Muster', first_name: 'Eva', last_name: 'Muster' });
    expect(values(first)).toEqual({ name: 'Eva', first_name: 'Eva' });
    expect(values(none)).toEqual({});
    const [named] = judge(['name', 'first_name', 'phone'], ['Dr. Eva M.', 'Eva', '2123734253']);
    expect(values(named)).toEqual({ name: 'Dr. Eva M.', first_name: 'Eva' });
  });

  it('keeps columns apart that the mapping sets aside, and drops those it leaves out', () => {
    const mapping = suggestMapping(['phone', 'customer_id', 'secret'], [], 'US').map((column) => {
      if (column.header === 'customer_id') return { ...column, target: 'custom_field' as const };
      return column.header === 'secret' ? { ...column, target: 'ignore' as const, variable: null } : column;
    });
    const verdict = createRowJudge(mapping, 'US', NOW).judge(2, ['2123734253', 'C1', 'hush']);
    expect(verdict).toMatchObject({ variableValues: '{}', customFields: '{"customer_id":"C1"}' });
  });

  it('that is blank counts for nothing', () => {
    expect(judge(['phone', 'name'], [''], ['', ' '], ['\u00A0'])).toEqual([
      { kind: 'blank' },
      { kind: 'blank' },
      { kind: 'blank' },
    ]);
  });

  it('that is too short lacks what it lacks; one that is too long is marked', () => {
    const [short, long, padded] = judge(
      ['phone', 'name', 'city'],
      ['2123734253'],
      ['2123734254', 'Bob', 'Rome', 'x'],
      ['2123734255', 'Bob', 'Rome', ''],
    );
    expect(values(short)).toEqual({});
    expect(long).toMatchObject({ kind: 'loaded', hasExtra: true });
    expect(padded).toMatchObject({ kind: 'loaded', hasExtra: false });
  });

  it('with a number that stood higher up is a duplicate of that line, in whatever format', () => {
    const [first, second, third] = judge(['phone'], ['2123734253'], ['917'], ['+1 (212) 373-4253']);
    expect(first).toMatchObject({ kind: 'loaded' });
    expect(second).toMatchObject({ kind: 'rejected', reason: 'short_number' });
    expect(third).toMatchObject({
      kind: 'rejected',
      reason: 'duplicate',
      sentence: 'The same number stands in line 2, which counts.',
      value: '+1 (212) 373-4253',
    });
  });

  it('without a number, or that is no object, is refused with the sentence for it', () => {
    const [missing, unreadable] = judge(['phone', 'name'], ['', 'Bob'], null);
    expect(missing).toMatchObject({ reason: 'missing', sentence: 'There is no phone number in this row.' });
    expect(unreadable).toMatchObject({ reason: 'unreadable', sentence: ROW_PROBLEMS.unreadable });
  });

  it('is shown with its number cut where no character is halved', () => {
    const [verdict] = judge(['phone'], [`${'x'.repeat(199)}😀`]);
    expect(verdict?.kind === 'rejected' && verdict.value.isWellFormed()).toBe(true);
  });

  it('may bring a column that nobody knew of', () => {
    const judging = createRowJudge(suggestMapping(['phone'], [], 'US'), 'US', NOW);
    judging.addColumn('constructor');
    judging.addColumn('Phone');
    expect(values(judging.judge(1, ['2123734253', 'x', 'y']))).toEqual({
      column_constructor: 'x',
      phone: 'y',
    });
    expect(judging.mapping().map(({ variable }) => variable)).toEqual([
      'phone_number',
      'column_constructor',
      'phone',
    ]);
  });

  it('never touches a prototype, whatever the headers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('__proto__', 'constructor', 'toString', 'a', ''), { maxLength: 5 }),
        fc.string(),
        (headers, cell) => {
          const [verdict] = judge(['phone', ...headers], ['2123734253', ...headers.map(() => cell)]);
          const stored = values(verdict);
          expect(Object.getPrototypeOf(stored)).toBe(Object.prototype);
          expect(({} as Record<string, unknown>).a).toBeUndefined();
        },
      ),
    );
  });
});

describe('every reason and remark', () => {
  it('is a sentence', () => {
    for (const code of [...Object.keys(ROW_PROBLEMS), ...Object.keys(ROW_REMARKS)]) {
      expect(reasonSentence(code)).toMatch(/^[A-Z].*\.$/);
    }
    expect(reasonSentence('constructor')).toBe('constructor');
  });
});

describe('numbers that were seen', () => {
  it('are known again with the line of the first, however many there are', () => {
    const phone = fc
      .tuple(fc.constantFrom('1', '44', '49', '881'), fc.integer({ min: 100, max: 5000 }))
      .map(([code, rest]) => `+${code}${rest}`);
    fc.assert(
      fc.property(fc.array(phone, { maxLength: 6000, size: 'max' }), (phones) => {
        const seen = createSeenNumbers();
        const reference = new Map<string, number>();
        return phones.every((number, line) => {
          const expected = reference.get(number) ?? null;
          if (expected === null) reference.set(number, line);
          return seen.firstLineOf(number, line) === expected;
        });
      }),
      { numRuns: 20 },
    );
  });

  it('longer than a double holds are told apart', () => {
    const seen = createSeenNumbers();
    expect(seen.firstLineOf('+49123456789012345', 1)).toBeNull();
    expect(seen.firstLineOf('+49123456789012346', 2)).toBeNull();
    expect(seen.firstLineOf('+49123456789012345', 3)).toBe(1);
  });
});

describe('the file of rejected rows', () => {
  const row = {
    line: 7,
    value: '=911',
    reason: 'short_number',
    sentence: 'Short numbers, "911".',
    cells: ['=911', 'Doe,\nJane', '@x'],
  };

  it('says line, value, reason and sentence before the row as it was', () => {
    const [header, line] = parse(rejectHeader(['Tel', 'Name', 'Note']) + rejectLine(row)) as string[][];
    expect(header).toEqual([
      'rejected_line',
      'rejected_value',
      'rejected_reason',
      'rejected_explanation',
      'Tel',
      'Name',
      'Note',
    ]);
    expect(line).toEqual([
      '7',
      "'=911",
      'short_number',
      'Short numbers, "911".',
      "'=911",
      'Doe,\nJane',
      "'@x",
    ]);
  });

  it('runs nothing in a spreadsheet, whatever the cells hold', () => {
    const cell = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', 'a', '"', ',', '\n') });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), (cells) => {
        const [read = []] = parse(rejectLine({ ...row, cells }), { relax_column_count: true }) as string[][];
        return read.slice(4).every((text) => !/^[=@\t\r]/.test(text));
      }),
    );
  });

  it('knows its own columns when it comes back', () => {
    expect(isRejectColumn('Rejected_Reason ')).toBe(true);
    expect(isRejectColumn('reason')).toBe(false);
  });
});
