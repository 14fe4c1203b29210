import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { dashboardRoutes } from '#http/dashboard.ts';

const run = promisify(execFile);
const FOLDER = new URL('../../public/dashboard/', import.meta.url);
const files = readdirSync(FOLDER);
const app = dashboardRoutes('https://ringmaster.example.com');

function policyOf(answer: Response): string[] {
  return (answer.headers.get('content-security-policy') ?? '').split('; ');
}

describe('the dashboard', () => {
  test('is a page at /dashboard that may load from this host alone and be framed by none', async () => {
    const page = await app.request('/dashboard');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('<title>Ringmaster</title>');
    const policy = policyOf(page);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self' wss://ringmaster.example.com");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.join()).not.toMatch(/unsafe|\*|data:|blob:/);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect((await app.request('/dashboard/')).status).toBe(200);
  });

  test.each(files)('serves %s as what it is, and not again while it is the same', async (name) => {
    const answer = await app.request(`/dashboard/${name}`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(readFileSync(new URL(name, FOLDER), 'utf8'));
    expect(answer.headers.get('content-type')).toMatch(/^(text\/(html|css|javascript)|image\/svg\+xml)/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(policyOf(answer)).toContain("script-src 'self'");
    const etag = answer.headers.get('etag') ?? '';
    const again = await app.request(`/dashboard/${name}`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test.each([
    '/dashboard/..%2f..%2fpackage.json',
    '/dashboard/%2e%2e%2f%2e%2e%2f.env',
    '/dashboard/..%5cindex.html',
    '/dashboard/.env',
    '/dashboard/main.js%00.css',
    '/dashboard/nothing.js',
    '/dashboard/package.json',
    '/dashboard/a/main.js',
  ])('has nothing at %s', async (path) => {
    expect((await app.request(path)).status).toBe(404);
  });

  test('lets its sockets follow an address without encryption only where the page itself has none', async () => {
    const policy = policyOf(await dashboardRoutes('http://127.0.0.1:3000').request('/dashboard'));
    expect(policy).toContain("connect-src 'self' ws://127.0.0.1:3000");
  });

  test('names no file that is not there, and no other host', () => {
    for (const name of files) {
      const text = readFileSync(new URL(name, FOLDER), 'utf8');
      const named = [
        ...text.matchAll(/(?:from|import) '\.\/([\w.-]+)'/g),
        ...text.matchAll(/(?:src|href)="\/dashboard\/([\w.-]+)"/g),
      ].map(([, file]) => file);
      for (const file of named) expect(files, `named in ${name}`).toContain(file);
      expect(text.replaceAll('http://www.w3.org/2000/svg', ''), name).not.toMatch(
        /https?:\/\/|\/\/[a-z]+\.[a-z]/,
      );
      expect(text, name).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|<style|\son\w+="/,
      );
    }
  });

  test('takes answers and messages for what the server defines', async () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const checked = await run(`${root}node_modules/.bin/tsc`, ['-p', 'public'], { cwd: root }).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
    expect(checked).toBe('');
  }, 120_000);

  test('is copied into the image of production', () => {
    const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
    expect(read('Dockerfile')).toContain('COPY public ./public');
    expect(read('.dockerignore').split('\n')).toContain('!public');
  });
});
