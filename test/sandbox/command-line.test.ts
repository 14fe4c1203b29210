import { describe, expect, it } from 'vitest';
import { readCommandLine, readSpeed } from '#sandbox/command-line.ts';

const defaults = { port: 3000, dataDir: 'data/sandbox', isFresh: false, speed: null, opensBrowser: true };

describe('the command line of the sandbox', () => {
  it.each([
    [[], {}],
    [['--fresh', '--no-open'], { isFresh: true, opensBrowser: false }],
    [['--speed', '60'], { speed: 60 }],
    [['--speed=2.5'], { speed: 2.5 }],
    [['--port=4000', '--data', '/tmp/x=y'], { port: 4000, dataDir: '/tmp/x=y' }],
  ])('%j is understood', (given, wanted) => {
    expect(readCommandLine(given)).toEqual({ kind: 'run', options: { ...defaults, ...wanted } });
  });

  it.each([
    [['--frsh'], 'The sandbox has no option --frsh.'],
    [['fresh'], 'The sandbox has no option fresh.'],
    [['--toString'], 'The sandbox has no option --toString.'],
    [['--speed'], '--speed needs a value.'],
    [['--speed', '--fresh'], '--speed needs a value.'],
    [['--speed', 'fast'], 'Time cannot run at --speed fast: it needs a number from 1 to 1000.'],
    [['--speed=0'], 'Time cannot run at --speed 0: it needs a number from 1 to 1000.'],
    [['--port', '0'], '--port needs a whole number from 1 to 65535, not 0.'],
    [['--port', '80.5'], '--port needs a whole number from 1 to 65535, not 80.5.'],
  ])('%j is answered with a sentence', (given, sentence) => {
    expect(readCommandLine(given)).toEqual({
      kind: 'wrong',
      sentence: `${sentence} See: npm run sandbox -- --help`,
    });
  });

  it('lists every option on request, whatever else is asked for', () => {
    const line = readCommandLine(['--fresh', '--help']);
    if (line.kind !== 'help') throw new Error(`understood as ${line.kind}`);
    for (const name of ['--fresh', '--speed N', '--port N', '--data DIR', '--no-open', '--help']) {
      expect(line.text).toContain(`  ${name}`);
    }
  });
});

describe('a speed', () => {
  it.each([
    [1, 1],
    [60, 60],
    [1.234, 1.23],
    [1000, 1000],
    [0.99, null],
    [1001, null],
    [Number.NaN, null],
    ['60', null],
    [null, null],
  ])('%j becomes %j', (given, wanted) => {
    expect(readSpeed(given)).toBe(wanted);
  });
});
