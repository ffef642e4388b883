import { isIP } from 'node:net';

/**
 * Who is at the other end: the peer, or, if the peer is a proxy of ours, the last address in `X-Forwarded-For` that is
 * none. What a stranger writes into that header stands to the left of it and counts for nothing.
 * @returns a key for counting: an IPv4 address, or the /64 an IPv6 address is in, since one device has all of that
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | null,
  trusted: ReadonlySet<string>,
): string {
  let at = plain(peer ?? '');
  if (trusted.has(at)) {
    const hops = (forwardedFor ?? '').split(',').map((hop) => plain(hop.trim()));
    for (let hop = hops.pop(); hop !== undefined && isIP(hop) !== 0; hop = hops.pop()) {
      at = hop;
      if (!trusted.has(hop)) break;
    }
  }
  return isIP(at) === 6 ? network(at) : at;
}

/** An IPv4 address in the clothes of IPv6 is an IPv4 address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

function network(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  const parts = [...left, ...middle, ...right].slice(0, 4);
  return `${parts.map((part) => part.replace(/^0+(?=.)/, '').toLowerCase()).join(':')}::/64`;
}
