import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startSlack } from '#support/slack.ts';

const manifest = readFileSync(new URL('../../../manifest.yml', import.meta.url), 'utf8');

/** The plain list under a key of the manifest. */
function listUnder(key: string): string[] {
  const [, list = ''] = manifest.match(new RegExp(`\\n +${key}:\\n((?: +- \\S+\\n)+)`)) ?? [];
  return list.split('\n').flatMap((line) => line.match(/- (\S+)/)?.[1] ?? []);
}

it('grants, sends and offers exactly what the manifest asks for', async () => {
  const slack = await startSlack();
  const { scopes, subscribedEvents, slashCommands, shouldEscapeCommands } = slack.standIn.context.options;
  await slack.close();
  expect([...scopes].sort()).toEqual(listUnder('bot').sort());
  expect([...subscribedEvents].sort()).toEqual(listUnder('bot_events').sort());
  for (const { command, description, usageHint } of slashCommands) {
    expect(manifest).toContain(`- command: ${command}\n`);
    expect(manifest).toContain(`description: ${description}\n`);
    expect(manifest).toContain(`usage_hint: "${usageHint}"\n`);
  }
  expect(manifest).toContain(`should_escape: ${shouldEscapeCommands}\n`);
});
