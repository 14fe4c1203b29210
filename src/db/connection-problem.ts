import { StartupProblem } from './startup-problem.ts';

type Explain = (at: { server: string; database: string; user: string }) => string;

/** Codes of the socket and of PostgreSQL (appendix A of its manual) that a person can mend. */
const REASONS: Record<string, Explain> = {
  ECONNREFUSED: ({ server }) => `No PostgreSQL answers at ${server}. Start it, or correct DATABASE_URL.`,
  ENOTFOUND: ({ server }) => `The host of DATABASE_URL (${server}) cannot be found. Correct DATABASE_URL.`,
  EAI_AGAIN: ({ server }) => `The host of DATABASE_URL (${server}) cannot be found. Correct DATABASE_URL.`,
  CONNECT_TIMEOUT: ({ server }) =>
    `PostgreSQL at ${server} did not answer within 10 seconds. Check the network and DATABASE_URL.`,
  '28P01': ({ server, user }) =>
    `PostgreSQL at ${server} refuses the password of ${user}. Correct DATABASE_URL.`,
  '28000': ({ server, user }) =>
    `PostgreSQL at ${server} does not let ${user} in. Check DATABASE_URL and pg_hba.conf.`,
  '3D000': ({ server, database }) =>
    `PostgreSQL at ${server} has no database "${database}". Create it, or correct DATABASE_URL.`,
  '57P03': ({ server }) =>
    `PostgreSQL at ${server} is still starting up or shutting down. Try again in a moment.`,
  '53300': ({ server }) => `PostgreSQL at ${server} has no connection left. Raise its max_connections.`,
};

/** Codes of the socket, the driver and PostgreSQL with which a connection ends or does not begin. */
const LOST = new Set(
  'ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT ENOTFOUND EAI_AGAIN CONNECT_TIMEOUT CONNECTION_CLOSED CONNECTION_ENDED CONNECTION_DESTROYED 57P01 57P02 57P03 53300 08000 08003 08006'.split(
    ' ',
  ),
);

/** Whether an error says that the database could not be reached any more, so that the same may work in a moment. */
export function isConnectionLost(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return (typeof code === 'string' && LOST.has(code)) || isConnectionLost(cause);
}

/** Puts the failure to connect into a sentence that names the server but never the password. Others pass unchanged. */
export function explainConnectionError(error: unknown, url: string): unknown {
  const explain = REASONS[(error as { code?: string }).code ?? ''];
  if (!explain) return error;
  const { hostname = '', port = '', pathname = '', username = '' } = URL.parse(url) ?? {};
  const at = {
    server: hostname ? `${hostname}:${port || '5432'}` : 'that address',
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
  };
  return new StartupProblem(explain(at), { cause: error });
}
