import { BlockList, isIPv4 } from 'node:net';

/*
 * Ranges from the IANA special-purpose registries (RFC 6890 and what came after it). Of IPv6 only what is handed out
 * to the public is public at all, so mapped, link-local, unique-local and translated addresses need no line here.
 */
const inside4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const public6 = ['2000::/3'];
/** Within that: protocol assignments and Teredo, documentation, 6to4, which has an IPv4 address in it. */
const inside6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const insideV4 = listOf(inside4, 'ipv4');
const publicV6 = listOf(public6, 'ipv6');
const insideV6 = listOf(inside6, 'ipv6');

/** Whether an IP address is somebody's on the internet: not this machine, not its network, not a special one. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !insideV4.check(address, 'ipv4');
  return publicV6.check(address, 'ipv6') && !insideV6.check(address, 'ipv6');
}

function listOf(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = '', prefix] = range.split('/');
    list.addSubnet(net, Number(prefix), family);
  }
  return list;
}
