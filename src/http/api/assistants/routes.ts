import { createRoute, z } from '@hono/zod-openapi';
import { ASSISTANT_LIMITS, type AssistantFields, standardAssistant } from '#domain/assistant.ts';
import { Refusal } from '#domain/refusal.ts';
import { type Api, actorOf } from '#http/api/api.ts';
import { Id, json, needs, REFUSED } from '#http/api/contract.ts';
import { partAsked, partOf } from '#http/api/skip.ts';
import type { ApiToken } from '#operations/check-token.ts';
import { createAssistant } from '#operations/create-assistant.ts';
import type { Deps } from '#operations/deps.ts';
import { figuresOfAssistants } from '#operations/figures-of-assistants.ts';
import { listAssistants } from '#operations/list-assistants.ts';
import { retireAssistant } from '#operations/retire-assistant.ts';
import { showAssistant } from '#operations/show-assistant.ts';
import { showWorkspace } from '#operations/show-workspace.ts';
import { updateAssistant } from '#operations/update-assistant.ts';
import { readAssistant } from './input.ts';
import { presentAssistant, type SettingsRow } from './present.ts';
import { Assistant, AssistantChanges, AssistantInput, Assistants, ListQuery } from './schemas.ts';

const path = '/api/v1/assistants';
const tags = ['Assistants'];
const byId = z.object({
  id: Id.openapi({ param: { name: 'id', in: 'path' }, description: 'Of the assistant.', example: 3 }),
});
const one = { 200: json(Assistant, 'The assistant as it stands.'), ...REFUSED };
const changes = { params: byId, body: { ...json(AssistantChanges, 'What is to change.'), required: true } };

const list = createRoute({
  method: 'get',
  path,
  tags,
  ...needs('read'),
  summary: 'List the assistants, the oldest first',
  request: { query: ListQuery },
  responses: { 200: json(Assistants, 'Some of them.'), ...REFUSED },
});

const create = createRoute({
  method: 'post',
  path,
  tags,
  ...needs('write'),
  summary: 'Make an assistant',
  description:
    'Campaigns of calls need one. What is left out is as the workspace’s standard assistant has it.',
  request: { body: { ...json(AssistantInput, 'Who speaks, and how.'), required: true } },
  responses: one,
});

const read = createRoute({
  method: 'get',
  path: `${path}/{id}`,
  tags,
  ...needs('read'),
  summary: 'Read an assistant',
  request: { params: byId },
  responses: one,
});

const merge = createRoute({
  method: 'patch',
  path: `${path}/{id}`,
  tags,
  ...needs('write'),
  summary: 'Change an assistant, or retire it with `is_active: false`',
  description: 'Groups of settings are merged: what is left out of one stays.',
  request: changes,
  responses: one,
});

const replace = createRoute({
  method: 'put',
  path: `${path}/{id}`,
  tags,
  ...needs('write'),
  summary: 'Change an assistant; groups of settings that are sent are replaced',
  description: 'A group of settings that is sent is all there is of it; groups that are not sent stay.',
  request: changes,
  responses: one,
});

/** Who speaks on calls (campaign-api §6). */
export function assistantRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const { workspaceId } = c.get('token');
    const { include_inactive, ...query } = c.req.valid('query');
    const part = partAsked(query);
    const all = await listAssistants(deps, { workspaceId, withRetired: include_inactive === 'true' });
    const shown = all.slice(part.skip, part.skip + part.limit);
    const figures = await figuresOfAssistants(deps, { workspaceId, assistantIds: shown.map(({ id }) => id) });
    const items = shown.map((row) => presentAssistant(row, figures.get(row.id)));
    return c.json({ items, ...partOf(part, all.length) }, 200);
  });
  api.openapi(create, async (c) => {
    const token = c.get('token');
    const { workspaceId } = token;
    const { is_active: isActive, ...body } = c.req.valid('json');
    if (isActive === false) refuseActivity('Make it first, and retire it in a request of its own.');
    const fields = readAssistant(body, await unset(deps, workspaceId), { isWhole: false });
    const made = { ...fields, name: body.name, workspaceId, actor: actorOf(token) };
    const { assistantId } = await createAssistant(deps, { ...made, creationKey: c.get('requestKey') });
    return c.json(await shownAssistant(deps, workspaceId, assistantId), 200);
  });
  api.openapi(read, async (c) => {
    const { workspaceId } = c.get('token');
    return c.json(await shownAssistant(deps, workspaceId, c.req.valid('param').id), 200);
  });
  api.openapi(merge, async (c) => {
    const assistantId = c.req.valid('param').id;
    await change(deps, c.get('token'), { assistantId, body: c.req.valid('json'), isWhole: false });
    return c.json(await shownAssistant(deps, c.get('token').workspaceId, assistantId), 200);
  });
  api.openapi(replace, async (c) => {
    const assistantId = c.req.valid('param').id;
    await change(deps, c.get('token'), { assistantId, body: c.req.valid('json'), isWhole: true });
    return c.json(await shownAssistant(deps, c.get('token').workspaceId, assistantId), 200);
  });
}

/** An assistant that nobody has set anything of. */
async function unset(deps: Deps, workspaceId: number): Promise<SettingsRow> {
  const { defaultCountry } = await showWorkspace(deps, { workspaceId });
  const { recordingDays, maxCallSeconds } = ASSISTANT_LIMITS;
  return {
    ...standardAssistant(defaultCountry),
    name: '',
    description: null,
    prompt: null,
    model: null,
    welcomeMessage: null,
    endCallMessage: null,
    transferTargets: [],
    isRecording: false,
    recordingDays: recordingDays.standard,
    maxCallSeconds: maxCallSeconds.standard,
    isScripted: false,
    phoneNumbers: [],
  };
}

type Change = {
  assistantId: number;
  body: Record<string, unknown> & { is_active?: boolean | undefined };
  isWhole: boolean;
};

async function change(deps: Deps, token: ApiToken, { assistantId, body, isWhole }: Change): Promise<void> {
  const { workspaceId } = token;
  const standing = await showAssistant(deps, { workspaceId, assistantId });
  const fields = readAssistant(body, standing, { isWhole });
  const asked = { workspaceId, assistantId, actor: actorOf(token) };
  const isRetiring = standing.isActive && body.is_active === false;
  const isChanging = Object.keys(fields).length > 0;
  refuseUnfit({ isChanging, isRetiring, isRetired: !standing.isActive, isActive: body.is_active });
  if (isChanging) await updateAssistant(deps, { ...asked, changes: fields satisfies AssistantFields });
  if (isRetiring) await retireAssistant(deps, asked);
}

type Wish = { isChanging: boolean; isRetiring: boolean; isRetired: boolean; isActive: boolean | undefined };

function refuseUnfit({ isChanging, isRetiring, isRetired, isActive }: Wish): void {
  const sentence =
    isRetired && (isChanging || isActive === true)
      ? 'The assistant is retired and stays so; what it said is kept. Make a new one.'
      : isRetiring && isChanging
        ? 'Retire an assistant in a request of its own, without other changes.'
        : null;
  if (sentence) refuseActivity(sentence);
}

function refuseActivity(sentence: string): never {
  throw new Refusal('settings_invalid', { problems: [{ field: 'is_active', sentence }] });
}

async function shownAssistant(deps: Deps, workspaceId: number, assistantId: number) {
  const row = await showAssistant(deps, { workspaceId, assistantId });
  const figures = await figuresOfAssistants(deps, { workspaceId, assistantIds: [assistantId] });
  return presentAssistant(row, figures.get(assistantId));
}
