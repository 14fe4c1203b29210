import { parseArgs } from 'node:util';
import type { Actor } from '#domain/actor.ts';
import { isInForce, stillTold } from '#domain/api-token.ts';
import { createToken } from '#operations/create-token.ts';
import type { Deps } from '#operations/deps.ts';
import { findWorkspace } from '#operations/find-workspace.ts';
import { listTokens, type ShownToken } from '#operations/list-tokens.ts';
import { revokeToken } from '#operations/revoke-token.ts';

export type TokenCommand = { workspace: string | null } & (
  | { does: 'create'; name: string; scopes: string[]; expiresDays: number | null }
  | { does: 'list' }
  | { does: 'revoke'; tokenId: number }
);

/** What was typed that nobody can make sense of, in words. */
export class TokenUsage extends Error {
  override name = 'TokenUsage';

  constructor(problem: string) {
    super(`${problem} Nothing was done.\n\n${TOKEN_USAGE}`);
  }
}

/** How `token` is used. */
export const TOKEN_USAGE = `Usage:
  node src/main.ts token create --name "CRM" --scopes read,write,launch [--expires-days 90]
  node src/main.ts token list
  node src/main.ts token revoke <number>
With several workspaces, add --workspace and its name or Slack team id.`;

const LONGEST_DAYS = 3_650;
const DAY_MS = 86_400_000;
/** Whoever may start programs on this machine. */
const MACHINE: Actor = { kind: 'system' };

/** Reads what follows `token`; `help` when only the usage is asked for. Throws a `TokenUsage`. */
export function readTokenCommand(args: readonly string[]): TokenCommand | 'help' {
  const { values, positionals } = parse(args);
  if (values.help || positionals[0] === 'help') return 'help';
  const [does = '', wanted = '', ...rest] = positionals;
  const workspace = values.workspace ?? null;
  const extra = does === 'revoke' ? rest : [wanted, ...rest];
  if (extra.some((word) => word !== '')) throw new TokenUsage(`“${extra.join(' ').trim()}” is too much.`);
  if (does === 'list') return { does, workspace };
  if (does === 'revoke') return { does, workspace, tokenId: tokenIdOf(wanted) };
  if (does !== 'create')
    throw new TokenUsage(does ? `There is no “token ${does}”.` : 'Say what is to be done with tokens.');
  if (values.name === undefined) throw new TokenUsage('The name of the token is missing.');
  if (values.scopes === undefined) throw new TokenUsage('What the token may do is missing.');
  const scopes = values.scopes.split(',').map((scope) => scope.trim());
  return { does, workspace, name: values.name, scopes, expiresDays: daysOf(values['expires-days']) };
}

/** Carries a command out; what it returns goes to the terminal. Throws the refusals of the verbs. */
export async function runTokenCommand(
  deps: Pick<Deps, 'db' | 'clock'>,
  command: TokenCommand,
): Promise<string> {
  const { id } = await findWorkspace(deps, { wanted: command.workspace });
  if (command.does === 'create') return create(deps, id, command);
  if (command.does === 'list') return list(deps, id);
  const { tokenId } = command;
  const { name, ended, webhooks } = await revokeToken(deps, { workspaceId: id, actor: MACHINE, tokenId });
  const token = `Token ${tokenId}, “${name}”,`;
  if (ended.length === 0) return `${token} was revoked already. Nothing was changed.`;
  const others = ended.length > 1 ? `, and with it ${ended.length - 1} made by it` : '';
  return `${token} is revoked${others}. It is refused everywhere within a second.${stillTold(webhooks)}`;
}

type Creation = Extract<TokenCommand, { does: 'create' }>;

async function create(
  deps: Pick<Deps, 'db' | 'clock'>,
  workspaceId: number,
  { name, scopes, expiresDays }: Creation,
): Promise<string> {
  const now = deps.clock.now();
  const expiresAt = expiresDays === null ? null : new Date(now.getTime() + expiresDays * DAY_MS);
  const made = await createToken(deps, { workspaceId, actor: MACHINE, name, scopes, expiresAt });
  const end = expiresAt ? `until ${expiresAt.toISOString()}` : 'until somebody revokes it';
  return `${made.secret}\n\nThis is token ${made.tokenId}, “${made.token.name}”. It may ${made.token.scopes.join(', ')} ${end}.\nThe line above is its secret: keep it now, it is not shown again.`;
}

async function list(deps: Pick<Deps, 'db' | 'clock'>, workspaceId: number): Promise<string> {
  const tokens = await listTokens(deps, { workspaceId, actor: MACHINE });
  if (tokens.length === 0) return 'There is no API token. Make one with: node src/main.ts token create';
  return tokens.map((token) => lineOf(token, deps.clock.now())).join('\n');
}

function lineOf(token: ShownToken, now: Date): string {
  const used = token.lastUsedAt ? `last used ${token.lastUsedAt.toISOString()}` : 'never used';
  return `${token.id}  ${token.name}  …${token.hint}  ${token.scopes.join(',')}  ${endOf(token, now)}  ${used}`;
}

function endOf(token: ShownToken, now: Date): string {
  if (!token.expiresAt) return 'no end';
  return `${isInForce(token, now) ? 'ends' : 'ended'} ${token.expiresAt.toISOString()}`;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        scopes: { type: 'string' },
        'expires-days': { type: 'string' },
        workspace: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new TokenUsage(error instanceof Error ? error.message.replace(/\.?$/, '.') : String(error));
  }
}

function tokenIdOf(wanted: string): number {
  const tokenId = Number(wanted);
  if (!/^\d{1,9}$/.test(wanted))
    throw new TokenUsage('Say the number of the token, as “token list” shows it.');
  return tokenId;
}

function daysOf(given: string | undefined): number | null {
  if (given === undefined) return null;
  const days = Number(given);
  if (Number.isInteger(days) && days >= 1 && days <= LONGEST_DAYS) return days;
  throw new TokenUsage(`--expires-days is a whole number from 1 to ${LONGEST_DAYS.toLocaleString('en-US')}.`);
}
