import { describe, expect, test } from 'vitest';
import { isPublicAddress } from '#webhooks/addresses.ts';

describe('an address is not public when it is', () => {
  test.each([
    ['this machine', '127.0.0.1'],
    ['this machine by another number', '127.255.255.254'],
    ['this network', '0.0.0.0'],
    ['private, ten', '10.0.0.1'],
    ['private, first of 172', '172.16.0.0'],
    ['private, last of 172', '172.31.255.255'],
    ['private, home', '192.168.1.1'],
    ['a carrier’s inside', '100.64.0.1'],
    ['the end of a carrier’s inside', '100.127.255.255'],
    ['where clouds keep credentials', '169.254.169.254'],
    ['where Azure serves its machines', '168.63.129.16'],
    ['for documents', '203.0.113.7'],
    ['for measuring', '198.19.255.255'],
    ['the old 6to4 relay', '192.88.99.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['this machine in IPv6', '::1'],
    ['none', '::'],
    ['local to the link', 'fe80::1'],
    ['local to the link with its zone', 'fe80::1%eth0'],
    ['private in IPv6', 'fd00:ec2::254'],
    ['site-local', 'fec0::1'],
    ['multicast in IPv6', 'ff02::1'],
    ['a mapped private one', '::ffff:10.0.0.1'],
    ['a mapped one in hexadecimal', '::ffff:7f00:1'],
    ['translated by NAT64', '64:ff9b::a00:1'],
    ['translated by a local NAT64', '64:ff9b:1::a00:1'],
    ['6to4 around a private one', '2002:a00:1::'],
    ['Teredo', '2001:0:a00:1::'],
    ['for documents in IPv6', '2001:db8::1'],
    ['for documents, the newer range', '3fff::1'],
    ['no address', 'example.com'],
    ['a number without dots', '2130706433'],
    ['octal', '0177.0.0.1'],
    ['empty', ''],
  ])('%s: %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '192.0.1.1',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:82a::200e',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});
