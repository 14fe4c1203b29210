import { readdir, readFile } from 'node:fs/promises';
import type { AppsManifestValidateArguments } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';

type Manifest = AppsManifestValidateArguments['manifest'];
type Settings = NonNullable<Manifest['settings']>;
type Scope = NonNullable<NonNullable<NonNullable<Manifest['oauth_config']>['scopes']>['bot']>[number];
type Event = NonNullable<NonNullable<Settings['event_subscriptions']>['bot_events']>[number];

/** What each event asks for; the names are checked by the compiler against Slack's own (docs.slack.dev/reference/events). */
const SCOPES_OF_EVENT: Partial<Record<Event, Scope[]>> = {
  app_home_opened: [],
  app_mention: ['app_mentions:read'],
  app_uninstalled: [],
  channel_archive: ['channels:read'],
  channel_deleted: ['channels:read'],
  channel_id_changed: ['channels:read'],
  channel_left: ['channels:read'],
  channel_unarchive: ['channels:read'],
  file_shared: ['files:read'],
  group_archive: ['groups:read'],
  group_deleted: ['groups:read'],
  group_left: ['groups:read'],
  group_unarchive: ['groups:read'],
  member_joined_channel: ['channels:read', 'groups:read'],
  tokens_revoked: [],
};

/** What each method asks for (docs.slack.dev/reference/methods). */
const SCOPES_OF_METHOD: Record<string, Scope[]> = {
  'auth.test': [],
  'chat.delete': ['chat:write'],
  'chat.getPermalink': [],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.info': ['channels:read', 'groups:read', 'im:read', 'mpim:read'],
  'conversations.open': ['im:write'],
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.info': ['files:read'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'users.list': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
};

const https = z.url({ protocol: /^https$/ });
const text = (least: number, most: number) => z.string().min(least).max(most);
const unique = <T extends z.ZodType>(item: T, most: number) =>
  z
    .array(item)
    .min(1)
    .max(most)
    .refine((items) => new Set(items.map(String)).size === items.length, 'a name occurs twice');

/** Slack's rules for a manifest of version 2 (slack.md §6): lengths, numbers, and no key that it does not know. */
const RULES = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.literal(1) }),
  display_information: z.strictObject({
    name: text(1, 35),
    description: text(1, 140),
    background_color: z.string().regex(/^#([0-9a-f]{3}){1,2}$/i),
    long_description: text(175, 4000),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({
      display_name: z.string().regex(/^[a-z0-9._-]{1,80}$/),
      always_online: z.boolean(),
    }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().regex(/^\/[a-z0-9_-]{1,31}$/),
          description: text(1, 2000),
          usage_hint: text(1, 1000),
          should_escape: z.boolean(),
          url: https.optional(),
        }),
      )
      .max(50),
    shortcuts: z
      .array(
        z.strictObject({
          name: text(1, 24),
          type: z.enum(['global', 'message']),
          callback_id: text(1, 255),
          description: text(1, 150),
        }),
      )
      .max(10),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: unique(z.string(), 255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({
      request_url: https.optional(),
      bot_events: unique(z.string(), 100),
    }),
    interactivity: z.strictObject({ is_enabled: z.boolean(), request_url: https.optional() }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

const http = await read('manifest.yml');
const socket = await read('manifest.socket-mode.yml');
const manifests = [
  ['manifest.yml', http],
  ['manifest.socket-mode.yml', socket],
] as const;

describe.each(manifests)('%s', (_, manifest) => {
  test('keeps to the lengths, numbers and keys that Slack allows', () => {
    expect(RULES.safeParse(manifest).error?.issues ?? []).toEqual([]);
  });

  test('asks for what its events need', () => {
    const { scopes, events } = partsOf(manifest);
    expect(events.filter((event) => !SCOPES_OF_EVENT[event])).toEqual([]);
    const missing = events
      .flatMap((event) => SCOPES_OF_EVENT[event] ?? [])
      .filter((scope) => !scopes.includes(scope));
    expect(missing).toEqual([]);
  });

  test('asks for what the code calls, and for nothing else', async () => {
    const { scopes, events } = partsOf(manifest);
    const methods = await methodsCalled();
    expect(methods.filter((method) => !SCOPES_OF_METHOD[method])).toEqual([]);
    const needed = new Set<Scope>([
      'commands',
      ...events.flatMap((event) => SCOPES_OF_EVENT[event] ?? []),
      ...methods.flatMap((method) => SCOPES_OF_METHOD[method] ?? []),
    ]);
    expect([...scopes].sort()).toEqual([...needed].sort());
  });

  test('turns typed names of people and channels into their ids', () => {
    expect(RULES.parse(manifest).features.slash_commands).toMatchObject([
      { command: '/campaign', should_escape: true },
    ]);
  });

  test('does not switch on token rotation, which cannot be switched off and needs an installation flow', () => {
    expect(RULES.parse(manifest).settings.token_rotation_enabled).toBe(false);
  });
});

test('for HTTP every address of ours is the one that takes all kinds', () => {
  const { settings, features } = RULES.parse(http);
  const addresses = [
    settings.event_subscriptions.request_url,
    settings.interactivity.request_url,
    ...features.slash_commands.map(({ url }) => url),
  ];
  expect(new Set(addresses)).toEqual(new Set(['https://ringmaster.example.com/slack/events']));
  expect(settings.socket_mode_enabled).toBe(false);
});

test('for Socket Mode there is no address, and nothing else differs', () => {
  expect(JSON.stringify(socket)).not.toContain('https://');
  const without = JSON.parse(JSON.stringify(http), (key, value: unknown) =>
    /url$/.test(key) ? undefined : value,
  );
  without.settings.socket_mode_enabled = true;
  expect(socket).toEqual(without);
});

async function read(file: string): Promise<unknown> {
  return parse(await readFile(file, 'utf8'));
}

function partsOf(manifest: unknown): { scopes: Scope[]; events: Event[] } {
  const { oauth_config, settings } = RULES.parse(manifest);
  return {
    scopes: oauth_config.scopes.bot as Scope[],
    events: settings.event_subscriptions.bot_events as Event[],
  };
}

/** Web API methods as the source calls them: `web.users.info(`, `clients.interactive.views.open(`. */
async function methodsCalled(): Promise<string[]> {
  const names = (await readdir('src/slack', { recursive: true })).filter((name) => name.endsWith('.ts'));
  const sources = await Promise.all(names.map((name) => readFile(`src/slack/${name}`, 'utf8')));
  const calls = sources.flatMap((source) => [
    ...source.matchAll(/\b(?:web|client|interactive|background)\.((?:[a-z]+\.)+[A-Za-z]+)\(/g),
  ]);
  expect(calls.length).toBeGreaterThan(10);
  return [...new Set(calls.map(([, method]) => method ?? ''))];
}
