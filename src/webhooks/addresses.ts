import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Addresses that belong to no one server on the public internet: IANA's special-purpose registries (RFC 6890), and the
 * one at which Azure serves its machines. 100.64.0.0/10 is a carrier's inside (RFC 6598), 169.254.169.254 answers with
 * the credentials of the machine in most clouds.
 */
const NOT_PUBLIC_4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** Within what is public of IPv6: tunnels, which carry an IPv4 address inside, and what documents and protocols use. */
const NOT_PUBLIC_6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const closed4 = new BlockList();
for (const [net, bits] of NOT_PUBLIC_4) closed4.addSubnet(net, bits, 'ipv4');
const closed6 = new BlockList();
for (const [net, bits] of NOT_PUBLIC_6) closed6.addSubnet(net, bits, 'ipv6');
/** All that has been given out of IPv6. Mapped, translated, local and multicast addresses lie outside (RFC 4291 §2.4). */
const open6 = new BlockList();
open6.addSubnet('2000::', 3, 'ipv6');

/** Whether an address may be a server of somebody else on the public internet. What is no address is not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closed4.check(address, 'ipv4');
  return isIPv6(address) && open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');
}

/** Whether an address is this machine's own. */
export function isOwnAddress(address: string): boolean {
  return address === '::1' || (isIPv4(address) && address.startsWith('127.'));
}
