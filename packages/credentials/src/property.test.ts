import { base64urlDecode, utf8Decode } from '@holdfast/crypto';
import { HoldfastError, type Json, type JsonObject, walkReport } from '@holdfast/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDisclosure, failures, NOW, parties, signAnything } from './fixture.ts';
import { digestText } from './hash.ts';
import { type ClaimPath, credentialFormats, describe as describeCredential, isPrefix, parse, selectPath, whatIsLearned } from './index.ts';
import { leaves } from './json.ts';

const RESERVED = new Set(['iss', 'iat', 'nbf', 'exp', 'aud', 'jti', 'cnf', 'vct', 'status', 'id', '_sd', '_sd_alg', '_sd_decoy', '...', '__proto__']);
const claimName = fc
	.oneof(fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom('0', 'address', '~', '.'))
	.filter((name) => !RESERVED.has(name) && !(name in Object.prototype));
const scalar = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: 'grapheme', maxLength: 8 }), fc.integer(), fc.boolean(), fc.constant(null));
const { tree } = fc.letrec<{ tree: JsonObject; value: Json }>((tie) => ({
	value: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		scalar,
		fc.array(tie('value'), { maxLength: 4 }),
		fc.dictionary(claimName, tie('value'), { maxKeys: 4 }),
	),
	tree: fc.dictionary(claimName, tie('value'), { minKeys: 1, maxKeys: 5 }),
}));
/** fast-check makes objects without prototype; JSON makes them with one. */
const plain = (value: JsonObject): JsonObject => JSON.parse(JSON.stringify(value));

/** Every path of a tree, branches included. */
function pathsOf(value: Json, path: ClaimPath = []): ClaimPath[] {
	const own = path.length > 0 ? [path] : [];
	if (Array.isArray(value)) return [...own, ...value.flatMap((item: Json, index) => pathsOf(item, [...path, index]))];
	if (typeof value === 'object' && value !== null) return [...own, ...Object.entries(value).flatMap(([name, item]) => pathsOf(item, [...path, name]))];
	return own;
}

/** What is left of `value` when every path in `hidden` is taken out: the model that presentations are compared with. */
function without(value: Json, hidden: readonly ClaimPath[], path: ClaimPath = []): Json | undefined {
	if (hidden.some((each) => each.length === path.length && isPrefix(each, path))) return undefined;
	if (Array.isArray(value)) return value.map((item: Json, index) => without(item, hidden, [...path, index])).filter((item) => item !== undefined);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.map(([name, item]) => [name, without(item, hidden, [...path, name])] as const)
			.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined),
	);
}

describe('properties', () => {
	it.each(credentialFormats)('%s: any tree of claims survives issuing, reading, presenting and verifying', async (format) => {
		const all = parties(format);
		await fc.assert(
			fc.asyncProperty(tree.map(plain), async (claims) => {
				const raw = await all.issue({ claims });
				expect(parse(raw).claims).toEqual(claims);
				const verification = await all.verify(await all.present(raw));
				expect(verification.report.result).toBe('passed');
				expect(verification.claims).toEqual(claims);
			}),
			{ numRuns: 100 },
		);
	});

	it('SD-JWT: a presentation holds exactly what was chosen, and whatIsLearned says exactly that', async () => {
		const all = parties('dc+sd-jwt');
		const choice = tree
			.map(plain)
			.chain((claims) => fc.record({ claims: fc.constant(claims), disclosable: fc.subarray(pathsOf(claims)), disclose: fc.subarray(pathsOf(claims)) }));
		await fc.assert(
			fc.asyncProperty(choice, async ({ claims, disclosable, disclose }) => {
				const raw = await all.issue({ claims, disclosable });
				const parsed = parse(raw);
				expect(parsed.disclosures.map(({ path }) => JSON.stringify(path)).sort()).toEqual(disclosable.map((path) => JSON.stringify(path)).sort());

				const presentation = await all.present(raw, { disclose });
				const verification = await all.verify(presentation);
				expect(failures(verification.report)).toEqual([]);

				// The model: a hideable path is hidden unless it leads to, or lies below, a chosen one.
				const hidden = disclosable.filter((path) => !disclose.some((chosen) => isPrefix(path, chosen) || isPrefix(chosen, path)));
				expect(verification.claims).toEqual(without(claims, hidden) ?? {});

				// The bytes: disclosures of hidden claims, salts included, occur nowhere.
				const shown = new Set(presentation.split('~'));
				const secret = raw
					.split('~')
					.slice(1, -1)
					.filter((disclosure) => !shown.has(disclosure));
				expect(secret).toHaveLength(hidden.length);
				const bytes = presentation.split(/[~.]/).map((part) => decodeOrEmpty(part));
				for (const disclosure of secret) {
					const salt = (JSON.parse(utf8Decode(base64urlDecode(disclosure))) as string[])[0] ?? '';
					for (const part of bytes) expect(part.includes(salt)).toBe(false);
				}

				// The words: the same leaves, no more and no fewer.
				const { learned, hidden: kept } = whatIsLearned(parsed, disclose);
				const spread = (lines: readonly { path: ClaimPath }[]): string[] =>
					lines
						.flatMap(({ path }) => selectPath(parsed.claims, path).flatMap((value) => [...leaves(value, path)].map((leaf) => JSON.stringify(leaf.path))))
						.sort();
				const everything = [...leaves(parsed.claims)].filter(({ path }) => path.length > 0);
				const isHidden = (path: ClaimPath): boolean => hidden.some((each) => isPrefix(each, path));
				expect(spread(learned)).toEqual(
					everything
						.filter(({ path }) => !isHidden(path))
						.map(({ path }) => JSON.stringify(path))
						.sort(),
				);
				expect(spread(kept)).toEqual(
					everything
						.filter(({ path }) => isHidden(path))
						.map(({ path }) => JSON.stringify(path))
						.sort(),
				);
			}),
			{ numRuns: 150 },
		);
	});

	it('descriptions never throw, and are clean, whatever claims and metadata hold', async () => {
		const all = parties('dc+sd-jwt');
		await fc.assert(
			fc.asyncProperty(
				tree.map(plain),
				fc.anything({ maxDepth: 4 }),
				fc.anything({ maxDepth: 4 }),
				fc.string(),
				async (claims, display, moreClaims, locale) => {
					const parsed = parse(await all.issue({ claims }));
					const metadata = {
						display,
						claims: Array.isArray(moreClaims) ? moreClaims : Object.keys(claims).map((name) => ({ path: [name], display: moreClaims })),
					};
					// Metadata of an issuer: its types are not checked before.
					const described = describeCredential(parsed, metadata as never, locale);
					for (const { label, value, kind } of described.lines) {
						// biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that must not be there
						expect(label + (kind === 'image' ? '' : value)).not.toMatch(/[\u0000-\u001f\u200b-\u200f\u202a-\u202e]/);
					}
				},
			),
			{ numRuns: 100 },
		);
	});
});

function decodeOrEmpty(part: string): string {
	try {
		return utf8Decode(base64urlDecode(part));
	} catch {
		return '';
	}
}

describe('fuzz: only coded errors and failed reports', () => {
	/** Small damage to text: characters replaced, removed, doubled, swapped, cut, and pieces that mean something put in. */
	const damage = (text: string) =>
		fc
			.array(
				fc.tuple(
					fc.nat(),
					fc.nat(7),
					fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('~', '~~', '.', '..', '=', 'e30', 'bnVsbA', 'W10', 'eyJ4IjoxfQ')),
					fc.nat(60),
				),
				{ minLength: 1, maxLength: 4 },
			)
			.map((steps) => {
				let out = text;
				for (const [where, kind, piece, length] of steps) {
					const at = where % (out.length + 1);
					const [before, after] = [out.slice(0, at), out.slice(at)];
					if (kind === 0) out = before + after.slice(length);
					else if (kind === 1) out = before + piece + after;
					else if (kind === 2) out = before + piece + after.slice(piece.length);
					else if (kind === 3) out = before + after.slice(0, length) + after;
					else if (kind === 4) out = before;
					else if (kind === 5) out = after + before;
					else if (kind === 6) out = out.split('~').reverse().join('~');
					else out = out.split('.').reverse().join('.');
				}
				return out;
			});

	const check = async (all: ReturnType<typeof parties>, input: string, original: string): Promise<void> => {
		try {
			parse(input);
		} catch (error) {
			if (!(error instanceof HoldfastError) || !error.code.startsWith('credential/')) throw error;
		}
		const { report } = await all.verify(input);
		if (input !== original) expect(report.result).toBe('failed');
		for (const node of walkReport(report)) if (node.result !== 'passed') expect(node.code).toMatch(/^credential\//);
	};

	it.each(credentialFormats)('%s: 2,000 damaged presentations', async (format) => {
		const all = parties(format, 'Ed25519', 'Ed25519');
		const good = await all.present(await all.issue());
		await fc.assert(
			fc.asyncProperty(damage(good), (input) => check(all, input, good)),
			{ numRuns: 2_000 },
		);
	});

	it.each(credentialFormats)('%s: 500 strings of any kind', async (format) => {
		const all = parties(format, 'Ed25519', 'Ed25519');
		await fc.assert(
			fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 200 })), (input) => check(all, input, 'no string')),
			{ numRuns: 500 },
		);
	});

	it('SD-JWT: 1,000 signed payloads and disclosures of any shape', async () => {
		const all = parties('dc+sd-jwt', 'Ed25519', 'Ed25519');
		const structural = fc.constantFrom('_sd', '...', '_sd_alg', 'iss', 'exp', 'nbf', 'iat', 'cnf', 'vct', 'status', 'a', 'b');
		const { any } = fc.letrec<{ any: Json }>((tie) => ({
			any: fc.oneof(
				{ depthSize: 'medium' },
				scalar,
				fc.constantFrom('sha-256', 'D0', 'D1'),
				fc.array(tie('any'), { maxLength: 4 }),
				fc.dictionary(structural, tie('any'), { maxKeys: 5 }),
			),
		}));
		await fc.assert(
			fc.asyncProperty(
				fc.dictionary(structural, any, { maxKeys: 8 }),
				fc.array(fc.array(any, { maxLength: 4 }), { maxLength: 4 }),
				async (payload, contents) => {
					const disclosures = contents.map((content) => encodeDisclosure(content));
					// Digests of the disclosures stand where the placeholders stood.
					const linked = JSON.parse(
						JSON.stringify(payload).replace(/"D([01])"/g, (_match, index) => JSON.stringify(digestText('sha-256', disclosures[Number(index)] ?? 'decoy'))),
					);
					const compact = await signAnything({ typ: 'dc+sd-jwt', alg: 'EdDSA' }, { iat: NOW, ...linked }, all.issuer);
					const input = [compact, ...disclosures, ''].join('~');
					try {
						const parsed = parse(input);
						describeCredential(parsed);
						whatIsLearned(parsed, []);
					} catch (error) {
						if (!(error instanceof HoldfastError) || !error.code.startsWith('credential/')) throw error;
					}
					const { report } = await all.verify(input);
					expect(report.result).toBe('failed');
				},
			),
			{ numRuns: 1_000 },
		);
	});

	it('W3C: 500 signed payloads of any shape', async () => {
		const all = parties('jwt_vc_json', 'Ed25519', 'Ed25519');
		const structural = fc.constantFrom(
			'vc',
			'vp',
			'iss',
			'sub',
			'exp',
			'nbf',
			'jti',
			'@context',
			'type',
			'credentialSubject',
			'verifiableCredential',
			'id',
			'issuer',
			'issuanceDate',
			'expirationDate',
		);
		const { any } = fc.letrec<{ any: Json }>((tie) => ({
			any: fc.oneof({ depthSize: 'medium' }, scalar, fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(structural, tie('any'), { maxKeys: 6 })),
		}));
		await fc.assert(
			fc.asyncProperty(fc.dictionary(structural, any, { maxKeys: 8 }), async (payload) => {
				await check(all, await signAnything({ typ: 'JWT', alg: 'EdDSA' }, plain(payload), all.issuer), 'no string');
			}),
			{ numRuns: 500 },
		);
	});
});
