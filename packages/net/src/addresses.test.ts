import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyAddress } from './addresses.ts';
import { checkAddresses, checkTarget } from './target.ts';

const remote = { allowLoopback: false };
const loopback = { allowLoopback: true };

describe('classifyAddress', () => {
	test.each(['1.1.1.1', '8.8.8.8', '93.184.216.34', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e', '64:ff9b::808:808'])('%s is public', (address) => {
		expect(classifyAddress(address)).toBe('public');
	});

	test.each(['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1'])('%s is loopback', (address) => {
		expect(classifyAddress(address)).toBe('loopback');
	});

	test.each([
		['unspecified', '0.0.0.0'],
		['this network', '0.1.2.3'],
		['RFC 1918', '10.0.0.1'],
		['RFC 1918', '172.16.0.1'],
		['RFC 1918', '172.31.255.255'],
		['RFC 1918', '192.168.1.1'],
		['CGNAT', '100.64.0.1'],
		['metadata service', '169.254.169.254'],
		['IETF assignments', '192.0.0.1'],
		['documentation', '192.0.2.1'],
		['6to4 relay', '192.88.99.1'],
		['benchmarking', '198.18.0.1'],
		['documentation', '203.0.113.7'],
		['multicast', '224.0.0.1'],
		['reserved', '240.0.0.1'],
		['broadcast', '255.255.255.255'],
		['unspecified v6', '::'],
		['IPv4-compatible', '::8.8.8.8'],
		['mapped loopback', '::ffff:127.0.0.1'],
		['mapped public', '::ffff:8.8.8.8'],
		['mapped, hexadecimal', '::ffff:a00:1'],
		['translated (RFC 6145)', '::ffff:0:10.0.0.1'],
		['NAT64 of a private address', '64:ff9b::10.0.0.1'],
		['NAT64 of loopback', '64:ff9b::7f00:1'],
		['NAT64 for local use', '64:ff9b:1::808:808'],
		['6to4 of a private address', '2002:a00:1::1'],
		['6to4 of a public address', '2002:808:808::1'],
		['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
		['documentation v6', '2001:db8::1'],
		['unique local', 'fd00:ec2::254'],
		['link-local', 'fe80::1'],
		['link-local with a zone', 'fe80::1%eth0'],
		['public with a zone', '2606:4700:4700::1111%eth0'],
		['site-local', 'fec0::1'],
		['multicast v6', 'ff02::1'],
		['discard', '100::1'],
		['unallocated', '4000::1'],
		['not an address', 'example.com'],
		['nothing', ''],
		['decimal', '2130706433'],
		['octal', '0177.0.0.1'],
		['short', '127.1'],
	])('%s: %s is private', (_name, address) => {
		expect(classifyAddress(address)).toBe('private');
	});
});

/** Every spelling that a WHATWG URL reads as the same IPv4 address. */
const spellings = (octets: readonly [number, number, number, number]): string[] => {
	const [a, b, c, d] = octets;
	const word = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
	const hex = (value: number) => `0x${value.toString(16)}`;
	const oct = (value: number) => `0${value.toString(8)}`;
	return [
		`${a}.${b}.${c}.${d}`,
		`${a}.${b}.${c}.${d}.`,
		String(word),
		hex(word),
		oct(word),
		`${a}.${b}.${(c << 8) | d}`,
		`${a}.${(b << 16) | (c << 8) | d}`,
		[a, b, c, d].map(hex).join('.'),
		[a, b, c, d].map(oct).join('.'),
		`${hex(a)}.${oct(b)}.${c}.${hex(d)}`,
		// full-width digits and the ideographic full stop, folded by IDNA
		[...`${a}.${b}.${c}.${d}`].map((ch) => (ch === '.' ? '\u3002' : String.fromCharCode(ch.charCodeAt(0) + 0xfee0))).join(''),
		`[::ffff:${a}.${b}.${c}.${d}]`,
		`[64:ff9b::${a}.${b}.${c}.${d}]`,
		`[2002:${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}::1]`,
	];
};

const octet = fc.integer({ min: 0, max: 255 });
const privateIpv4 = fc.oneof(
	fc.tuple(fc.constant(10), octet, octet, octet),
	fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
	fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
	fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
	fc.tuple(fc.constant(127), octet, octet, octet),
	fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
	fc.tuple(fc.integer({ min: 224, max: 255 }), octet, octet, octet),
	fc.tuple(fc.constant(0), octet, octet, octet),
);

describe('checkTarget', () => {
	test('refuses a private IPv4 address however it is spelled', () => {
		fc.assert(
			fc.property(privateIpv4, (octets) => {
				for (const host of spellings(octets)) {
					expect(() => checkTarget(`https://${host}/`, remote), host).toThrowError(expect.objectContaining({ code: 'net/private-address' }));
				}
			}),
		);
	});

	test('takes a public IPv4 address in every plain spelling', () => {
		fc.assert(
			fc.property(fc.tuple(fc.integer({ min: 1, max: 9 }), octet, octet, octet), (octets) => {
				for (const host of spellings(octets).slice(0, 11)) expect(checkTarget(`https://${host}/`, remote).url.hostname).toBe(octets.join('.'));
			}),
		);
	});

	test('never throws anything but a coded error, whatever the text', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.webUrl(),
					fc.ipV6().map((ip) => `https://[${ip}]/`),
				),
				(text) => {
					try {
						const { url } = checkTarget(text, loopback);
						expect(['https:', 'http:']).toContain(url.protocol);
					} catch (error) {
						expect((error as { code: string }).code).toMatch(/^net\//);
						if (text.length > 8) expect((error as Error).message).not.toContain(text);
					}
				},
			),
		);
	});

	test.each([
		['http://example.com/', 'net/not-https'],
		['ftp://example.com/', 'net/not-https'],
		['file:///etc/passwd', 'net/bad-url'],
		['data:text/plain,x', 'net/bad-url'],
		['https://user@example.com/', 'net/bad-url'],
		['https://user:secret@example.com/', 'net/bad-url'],
		['not a url', 'net/bad-url'],
		['/relative', 'net/bad-url'],
		[`https://example.com/${'a'.repeat(9000)}`, 'net/bad-url'],
		['https://localhost/', 'net/private-address'],
		['https://localhost./', 'net/private-address'],
		['http://localhost/', 'net/not-https'],
		['https://127.0.0.1/', 'net/private-address'],
		['https://[::1]/', 'net/private-address'],
		['https://[fe80::1]/', 'net/private-address'],
	])('%s: %s', (url, code) => {
		expect(() => checkTarget(url, remote)).toThrowError(expect.objectContaining({ code }));
	});

	test.each(['http://localhost:3000/a', 'http://127.0.0.1:3000/', 'http://127.9.9.9/', 'http://[::1]:3000/', 'https://localhost/', 'http://0x7f.1/'])(
		'%s is allowed for the user’s own loopback',
		(url) => {
			expect(checkTarget(url, loopback).loopback).toBe(true);
		},
	);

	test.each(['http://[::ffff:127.0.0.1]/', 'http://0.0.0.0/', 'http://sub.localhost/', 'http://192.168.0.1/'])('%s is not loopback', (url) => {
		expect(() => checkTarget(url, loopback)).toThrowError(expect.objectContaining({ code: expect.stringMatching(/^net\/(not-https|private-address)$/) }));
	});

	test('a server elsewhere may not redirect to this computer', () => {
		const from = checkTarget('https://example.com/', loopback);
		expect(() => checkTarget('https://localhost/', { ...loopback, from })).toThrowError(expect.objectContaining({ code: 'net/private-address' }));
	});

	test('drops the fragment', () => {
		expect(checkTarget('https://example.com/a#secret', remote).url.href).toBe('https://example.com/a');
	});
});

describe('checkAddresses', () => {
	test('one private answer among public ones refuses all', () => {
		expect(() => checkAddresses(['93.184.216.34', '10.0.0.1'], { loopback: false }, 'example.com')).toThrowError(
			expect.objectContaining({ code: 'net/private-address' }),
		);
		expect(() => checkAddresses(['93.184.216.34', '::1'], { loopback: false }, 'example.com')).toThrowError(
			expect.objectContaining({ code: 'net/private-address' }),
		);
		expect(() => checkAddresses(['93.184.216.34'], { loopback: false }, 'example.com')).not.toThrow();
	});

	test('localhost has to be loopback', () => {
		expect(() => checkAddresses(['127.0.0.1', '::1'], { loopback: true }, 'localhost')).not.toThrow();
		expect(() => checkAddresses(['93.184.216.34'], { loopback: true }, 'localhost')).toThrowError(expect.objectContaining({ code: 'net/private-address' }));
	});

	test('no answer is not a pass', () => {
		expect(() => checkAddresses([], { loopback: false }, 'example.com')).toThrowError(expect.objectContaining({ code: 'net/unreachable' }));
	});
});
