import type { Hono } from 'hono';

type Answering = Pick<Hono, 'fetch'>;

/**
 * Routes of which some are loaded when one of them is first asked for, in all of which the others are too: describing them
 * takes time and memory that a process which nobody asks need not spend. Loading that fails is tried again by the next.
 */
export function lateRoutes(
  early: Answering,
  { isLate, load }: { isLate: (path: string) => boolean; load: () => Promise<Answering> },
): Answering {
  let current = early;
  let loading: Promise<void> | null = null;
  const loaded = () => {
    loading ??= load().then(
      (all) => {
        current = all;
      },
      (cause: unknown) => {
        loading = null;
        throw cause;
      },
    );
    return loading;
  };
  return {
    fetch: (request, ...rest) => {
      const mustLoad = current === early && isLate(new URL(request.url).pathname);
      if (!mustLoad) return current.fetch(request, ...rest);
      return loaded().then(() => current.fetch(request, ...rest));
    },
  };
}
