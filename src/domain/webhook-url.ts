/** Ports that web servers have; any other one may belong to something that never meant to be asked from outside. */
const PORTS = ['', '80', '443', '8080', '8443'];
const LONGEST = 2_000;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** `allowsLoopback`: the sandbox and tests have their receivers on this machine, without certificates. */
export type UrlRule = { allowsLoopback: boolean };

/** Whether a host name is this machine itself. */
export function isLoopbackHost(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/**
 * The address of a webhook as it is kept, or what is wrong with it as a sentence. Whether it leads into a private network
 * shows only when its name is looked up.
 */
export function readWebhookUrl(
  text: string,
  { allowsLoopback }: UrlRule,
): { ok: true; url: URL } | { ok: false; problem: string } {
  const url = text.length <= LONGEST ? URL.parse(text.trim()) : null;
  if (!url) return wrong(`it is no address like https://example.com/hooks with up to ${LONGEST} characters.`);
  if (url.username || url.password)
    return wrong('it carries a user name or a password. Have its receiver check the signature instead.');
  url.hash = '';
  if (allowsLoopback && isLoopbackHost(url.hostname) && url.protocol === 'http:') return { ok: true, url };
  if (url.protocol !== 'https:') return wrong('it has to begin with https://.');
  if (!PORTS.includes(url.port)) return wrong(`port ${url.port} is not one of 443, 8443, 80 and 8080.`);
  return { ok: true, url };
}

function wrong(what: string) {
  return { ok: false as const, problem: `The address cannot be used: ${what}` };
}
