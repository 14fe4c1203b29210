import type { HttpBindings } from '@hono/node-server';

/** `answer` is the body that was sent, for the inspector. */
export type RestEnv = { Bindings: HttpBindings; Variables: { answer: string } };
