import { generateKeyPair, publicKeyToJwk, signJws } from '@holdfast/crypto';
import { seededRandom } from '@holdfast/testkit';

// Hostile input from valid input, the same for the same seed.

/** In every hostile value that is made up here: where it turns up, input was echoed. */
export const MARK = 'Zq9EchoMark';

export interface Dice {
	/** 0 … below-1 */
	int(below: number): number;
	pick<T>(from: readonly T[]): T;
	chance(percent: number): boolean;
}

export function dice(seed: number): Dice {
	const random = seededRandom(seed);
	const int = (below: number): number => {
		const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
		return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % below;
	};
	return { int, pick: (from) => from[int(from.length)] as (typeof from)[number], chance: (percent) => int(100) < percent };
}

const deep = (levels: number, open: string, close: string): string => open.repeat(levels) + close.repeat(levels);

/** Texts that break parsers. */
const NASTY: readonly string[] = [
	'',
	' ',
	'\u0000',
	'null',
	'{}',
	'[]',
	'\ufeff{}',
	'🦔'.repeat(200),
	'\u202e\u2066\u200b',
	'e\u0301'.repeat(300),
	'\ud800',
	'%',
	'%00%ff%',
	'..',
	'~',
	'...~~~',
	'did:',
	'did:jwk:e30',
	'did:web:127.0.0.1%3A1',
	'did:key:z6Mk',
	'did:ethr:0x1:0x00',
	'http://127.0.0.1:1/',
	'https://user:pass@example.com/',
	'https://[::1]:1/',
	'file:///etc/passwd',
	'javascript:alert(1)',
	'__proto__',
	'constructor',
	'-1',
	'1e999',
	deep(5000, '[', ']'),
	deep(2000, '{"a":', '}'),
	'A'.repeat(100_000),
	MARK,
];

const WRONG: readonly unknown[] = [
	null,
	true,
	false,
	0,
	-1,
	1.5,
	1e308,
	Number.MAX_SAFE_INTEGER + 2,
	'',
	MARK,
	'\u202e\u0000',
	[],
	{},
	[[]],
	[null],
	{ __proto__: null, [MARK]: MARK },
	'https://127.0.0.1/',
	'did:jwk:e30',
	'data:image/svg+xml,<svg/>',
	'9'.repeat(400),
];

const nested = (levels: number): unknown => {
	let value: unknown = MARK;
	for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
	return value;
};

/** A tree with one or a few places that are not what they were. */
export function mutateJson(roll: Dice, value: unknown): unknown {
	if (roll.chance(4)) return roll.pick(WRONG);
	if (roll.chance(1)) return nested(1 + roll.int(600));
	if (Array.isArray(value)) {
		if (value.length === 0 || roll.chance(20))
			return roll.pick([[], [...value, ...value], [...value, roll.pick(WRONG)], Array.from({ length: 2000 }, () => value[0] ?? 0)]);
		const at = roll.int(value.length);
		return value.map((each, index) => (index === at ? mutateJson(roll, each) : each));
	}
	if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value);
		if (entries.length === 0) return roll.pick(WRONG);
		const at = roll.int(entries.length);
		switch (roll.int(8)) {
			case 0:
				return Object.fromEntries(entries.filter((_, index) => index !== at));
			case 1:
				return Object.fromEntries([
					...entries,
					[roll.pick(['__proto__', 'constructor', '_sd', '...', '_sd_alg', 'cnf', MARK, '', 'a'.repeat(3000)]), roll.pick(WRONG)],
				]);
			case 2:
				return Object.fromEntries(entries.map(([name, each], index) => [index === at ? roll.pick([`${name}${MARK}`, name.toUpperCase(), '']) : name, each]));
			case 3:
				return Object.fromEntries(entries.map(([name, each], index) => [name, index === at ? roll.pick(WRONG) : each]));
			default:
				return Object.fromEntries(entries.map(([name, each], index) => [name, index === at ? mutateJson(roll, each) : each]));
		}
	}
	if (typeof value === 'string') return roll.chance(50) ? mutateText(roll, value) : roll.pick(WRONG);
	if (typeof value === 'number') return roll.pick([value + 1, -value, value * 1e12, value + 0.5, String(value), 4_102_444_800, 1e300]);
	return roll.pick(WRONG);
}

/** Bits flipped, pieces cut out, doubled, swapped or put in. */
export function mutateText(roll: Dice, text: string): string {
	if (roll.chance(3)) return roll.pick(NASTY);
	const at = roll.int(text.length + 1);
	const length = 1 + roll.int(Math.max(1, Math.min(40, text.length)));
	switch (roll.int(7)) {
		case 0: {
			const code = text.charCodeAt(Math.min(at, text.length - 1)) || 0;
			return text.slice(0, at) + String.fromCharCode(code ^ (1 << roll.int(8))) + text.slice(at + 1);
		}
		case 1:
			return text.slice(0, at);
		case 2:
			return text.slice(at);
		case 3:
			return text.slice(0, at) + text.slice(at + length);
		case 4:
			return text.slice(0, at) + text.slice(at, at + length) + text.slice(at);
		case 5:
			return text.slice(0, at) + roll.pick(NASTY) + text.slice(at);
		default:
			return text.slice(0, at) + roll.pick(['.', '~', '&', '=', '%', '"', '{', '\\', '\u0000', 'é', '🦔', MARK]) + text.slice(at);
	}
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value) ?? '').toString('base64url');
const decode = (segment: string): unknown => {
	try {
		return JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
	} catch {
		return MARK;
	}
};

const pair = generateKeyPair('Secp256r1', seededRandom(7));
const issuer = `did:jwk:${encode(publicKeyToJwk(pair.type, pair.publicKey))}`;

/** Signs with a key that the issuer's DID holds, so that what is inside is read although it is absurd. */
export function sign(header: unknown, payload: unknown): string {
	const mine = <T>(part: T, more: object): T => (typeof part === 'object' && part !== null && !Array.isArray(part) ? { ...part, ...more } : part);
	const input = `${encode(mine(header, { alg: 'ES256', kid: `${issuer}#0` }))}.${encode(mine(payload, { iss: issuer }))}`;
	return `${input}.${Buffer.from(signJws(pair.type, pair.privateKey, Buffer.from(input))).toString('base64url')}`;
}

export function mutateJwt(roll: Dice, jwt: string): string {
	const parts = jwt.split('.');
	const [header = '', payload = '', signature = ''] = parts;
	switch (roll.int(8)) {
		case 0:
			return mutateText(roll, jwt);
		case 1:
			return `${encode(mutateJson(roll, decode(header)))}.${payload}.${signature}`;
		case 2:
			return `${header}.${encode(mutateJson(roll, decode(payload)))}.${signature}`;
		case 3: {
			const at = roll.int(parts.length);
			return roll.pick([parts.filter((_, index) => index !== at), [...parts, parts[at]], parts.toReversed(), [parts[at]]]).join('.');
		}
		case 4:
			return `${encode({ ...(decode(header) as object), alg: roll.pick(['none', 'HS256', 'ES512', '', 'RS256', MARK]) })}.${payload}.${roll.pick(['', signature])}`;
		case 5:
			return `${header}.${payload}.${mutateText(roll, signature)}`;
		case 6:
			return sign(mutateJson(roll, decode(header)), decode(payload));
		default:
			return sign(decode(header), mutateJson(roll, decode(payload)));
	}
}

export function mutateSdJwt(roll: Dice, text: string): string {
	const [jwt = '', ...rest] = text.split('~');
	if (rest.length === 0 || roll.chance(40)) return [mutateJwt(roll, jwt), ...rest].join('~');
	if (roll.chance(10)) return mutateText(roll, text);
	const at = roll.int(rest.length);
	const one = rest[at] ?? '';
	switch (roll.int(5)) {
		case 0:
			return [jwt, ...rest.filter((_, index) => index !== at)].join('~');
		case 1:
			return [jwt, one, ...rest].join('~');
		case 2:
			return [jwt, ...rest.map((each, index) => (index === at ? mutateText(roll, each) : each))].join('~');
		case 3:
			return [jwt, ...Array.from({ length: 300 }, () => one), ''].join('~');
		default:
			return [jwt, ...rest.map((each, index) => (index === at ? encode(mutateJson(roll, decode(each))) : each))].join('~');
	}
}

/** A link whose parameters are JSON, JWTs, addresses or names. */
export function mutateLink(roll: Dice, link: string): string {
	if (roll.chance(15)) return mutateText(roll, link);
	const at = link.indexOf('?');
	const scheme = link.slice(0, at);
	const parameters = [...new URLSearchParams(link.slice(at + 1))];
	const index = roll.int(Math.max(1, parameters.length));
	const [name, value] = parameters[index] ?? ['', ''];
	const changed = parameters.map((each, i): [string, string] => (i === index ? [name, mutateValue(roll, value)] : (each as [string, string])));
	const out = roll.pick<readonly (readonly [string, string])[]>([
		changed,
		changed,
		changed,
		changed,
		parameters.filter((_, i) => i !== index) as [string, string][],
		[...parameters, [name, value]] as [string, string][],
		[...parameters, [roll.pick(['request', 'request_uri', 'credential_offer_uri', 'client_metadata', 'transaction_data', MARK]), roll.pick(NASTY)]] as [
			string,
			string,
		][],
	]);
	const start = roll.chance(5) ? roll.pick(['https://example.com/', 'OPENID4VP://', 'openid4vp:', 'haip-vci://', 'http://127.0.0.1:1/']) : scheme;
	return `${start}?${new URLSearchParams(out.map(([n, v]): [string, string] => [n.toWellFormed(), v.toWellFormed()])).toString()}`;
}

export function mutateValue(roll: Dice, value: string): string {
	if (value.startsWith('{') || value.startsWith('[')) {
		try {
			return JSON.stringify(mutateJson(roll, JSON.parse(value))) ?? '';
		} catch {
			return mutateText(roll, value);
		}
	}
	if (/^ey[\w-]+\.[\w-]+\.[\w-]*$/.test(value)) return mutateJwt(roll, value);
	return mutateText(roll, value);
}
