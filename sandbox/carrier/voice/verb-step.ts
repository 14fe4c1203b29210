import type { Exchange } from '#sandbox/carrier/exchange.ts';
import type { LiveCall } from './live-call.ts';

/** What a verb runs on; the signal is aborted when other instructions take its place or the call is over. */
export type Step = { exchange: Exchange; live: LiveCall; signal: AbortSignal; base: string | null };

/** An address in a document, which may be relative to the document's own; a whole one stays as it was written. */
export function addressIn(address: string, base: string | null): string {
  if (/^https?:\/\//i.test(address)) return address;
  const resolved = base === null ? null : URL.parse(address, base);
  if (!resolved) throw new Error(`11100: ${address || 'an empty text'} is no address`);
  return resolved.href;
}

export function methodOf(attributes: Record<string, string>): 'GET' | 'POST' {
  return attributes.method?.toUpperCase() === 'GET' ? 'GET' : 'POST';
}

export function wholeNumber(value: string | undefined, usual: number): number {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : usual;
}
