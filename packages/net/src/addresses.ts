import ipaddr from 'ipaddr.js';

/** What an address is for this app: only `public` may be reached without the user's word, `loopback` with it. */
export type AddressKind = 'public' | 'loopback' | 'private';

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
const NAT64_WELL_KNOWN = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * Classifies an IP address in text form by the IANA special-purpose registries (RFC 6890 and its
 * updates). Everything that is not plainly public is `private`: RFC 1918, link-local with the
 * metadata service, CGNAT, multicast, benchmarking, documentation, 6to4, Teredo, IPv4-mapped,
 * zoned, unallocated, and what does not parse at all.
 *
 * NAT64 addresses of the well-known prefix (RFC 6052 §2.1) count as the IPv4 address inside, because
 * networks that only have IPv6 reach every public IPv4 host through it.
 */
export function classifyAddress(address: string): AddressKind {
	// IPv4 in its four-part decimal form only: other spellings come through the URL parser, which normalises them.
	if (ipaddr.IPv4.isValidFourPartDecimal(address)) return classifyIpv4(ipaddr.IPv4.parse(address));
	if (address.includes('%') || !ipaddr.IPv6.isValid(address)) return 'private';
	const ip = ipaddr.IPv6.parse(address);
	if (ip.range() === 'loopback') return 'loopback';
	if (ip.match(NAT64_WELL_KNOWN)) {
		const embedded = new ipaddr.IPv4(ip.toByteArray().slice(12));
		return classifyIpv4(embedded) === 'public' ? 'public' : 'private';
	}
	return ip.range() === 'unicast' && ip.match(GLOBAL_UNICAST) ? 'public' : 'private';
}

function classifyIpv4(ip: ipaddr.IPv4): AddressKind {
	const range = ip.range();
	if (range === 'unicast') return 'public';
	return range === 'loopback' ? 'loopback' : 'private';
}

/** The address when a URL's `hostname` is an IP literal (`[::1]` without its brackets), else undefined. */
export function hostAddress(hostname: string): string | undefined {
	if (hostname.startsWith('[') && hostname.endsWith(']')) return hostname.slice(1, -1);
	return ipaddr.IPv4.isValidFourPartDecimal(hostname) ? hostname : undefined;
}
