import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { endProcess, isRunning, noteProcess, type ProcessNote } from '#sandbox/processes.ts';

const SCRIPT = 'the-script-of-this-test';
const children: ReturnType<typeof spawn>[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function startProcess(code: string): Promise<{ pid: number; note: ProcessNote }> {
  const child = spawn(process.execPath, [
    '-e',
    `${code}; console.log('up'); setInterval(() => {}, 1e6)`,
    SCRIPT,
  ]);
  children.push(child);
  await once(child.stdout, 'data');
  const note = await noteProcess(child.pid ?? 0);
  if (!note) throw new Error('the process is gone');
  return { pid: note.pid, note };
}

describe('a process noted by an earlier run', () => {
  it('is ended in order when it is still the same', async () => {
    const { note } = await startProcess('');
    expect(await isRunning(note, SCRIPT)).toBe(true);
    expect(await endProcess(note, SCRIPT, 5_000)).toBe('ended');
    expect(await isRunning(note, SCRIPT)).toBe(false);
  });

  it('is killed when it does not listen', async () => {
    const { note } = await startProcess("process.on('SIGTERM', () => {})");
    expect(await endProcess(note, SCRIPT, 100)).toBe('ended');
    expect(await isRunning(note, SCRIPT)).toBe(false);
  });

  it('is left alone when its number belongs to another one now', async () => {
    const { pid, note } = await startProcess('');
    const older = { ...note, startedAt: 'at another time' };
    expect(await endProcess(older, SCRIPT, 0)).toBe('absent');
    expect(await endProcess(note, 'another-script', 0)).toBe('absent');
    expect(await noteProcess(pid)).toEqual(note);
  });

  it('is absent when nothing has its number', async () => {
    expect(await noteProcess(4_194_305)).toBeNull();
    expect(await endProcess({ pid: 4_194_305, startedAt: 'once' }, SCRIPT, 0)).toBe('absent');
  });
});
