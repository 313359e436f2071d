import { fileURLToPath } from 'node:url';
import { base64urlDecode, base64urlEncode, hexEncode, utf8 } from '@holdfast/crypto';
import { findCheck, systemRandom } from '@holdfast/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { artifactsInFolder } from './artifacts-folder.node.ts';
import { fastEngine } from './engine-fast.node.ts';
import { FIELD_ORDER, fromBytes, toBytes } from './field.ts';
import { circuitInputs } from './inputs.ts';
import { issuerPublicKey } from './issuer-key.ts';
import type { Artifacts, ProofEngine, ProvingCredential, RequestContext, StatementRequest } from './model.ts';
import { encodeProof } from './proof-bytes.ts';
import { prepareStatement, presentPrepared } from './prove.ts';
import { overAge } from './statement.ts';
import { credential, NOW, SIGNING_KEY, TYPE } from './test/fixture.ts';
import { verifyStatement } from './verify.ts';

// What verifiers who compare notes can find in common between presentations of one document: nothing that the presentations
// of all other holders of the type do not have as well. Every piece of eight bytes of everything that is sent is looked at,
// whatever it is called and wherever it stands.

const MINE = 50;
const OTHERS = Number(process.env.HOLDFAST_UNLINKABLE_OTHERS ?? 6);
const PIECE = 8;

const request: StatementRequest = { statement: overAge(18, 20_261_125), types: [TYPE] };

let artifacts: Artifacts;
let engine: ProofEngine;

/** Each at another verifier, with another nonce. */
const contextOf = (index: number): RequestContext => {
	const host = `https://${base64urlEncode(systemRandom.bytes(12))}.example`;
	return { nonce: base64urlEncode(systemRandom.bytes(24)), audience: `x509_san_dns:${host}`, responseUri: `${host}/${index}`, query: `{"id":"${index}"}` };
};

/** As the wallet sends it. */
async function presentation(from: ProvingCredential, context: RequestContext): Promise<string> {
	return presentPrepared(await prepareStatement({ request, credentials: [from], now: NOW, artifacts, engine, random: systemRandom }), context);
}

/** Every value of a JSON text with its place. */
function leaves(value: unknown, path = ''): [string, string | number | boolean | null][] {
	if (typeof value !== 'object' || value === null) return [[path, value as string]];
	return Object.entries(value).flatMap(([name, each]) => leaves(each, `${path}/${name}`));
}

/** A value as the bytes that it stands for: a field element, what base64url or hexadecimal says, or its own text. */
function bytesOf(value: string | number | boolean | null): Uint8Array {
	const text = String(value);
	if (/^\d{9,}$/.test(text)) return toBytes(BigInt(text));
	if (/^(?:[0-9a-f]{2}){8,}$/.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'));
	try {
		const bytes = base64urlDecode(text);
		if (bytes.length >= 16) return bytes;
	} catch {
		// A text of its own.
	}
	return utf8(text);
}

/** All pieces of what a presentation says; short values whole, with their place. */
function pieces(text: string): Set<string> {
	const found = new Set<string>();
	for (const [path, value] of leaves(JSON.parse(text))) {
		const bytes = bytesOf(value);
		if (bytes.length < PIECE) found.add(`${path} = ${value}`);
		for (let at = 0; at + PIECE <= bytes.length; at += 1) found.add(hexEncode(bytes.subarray(at, at + PIECE)));
		// And as it is written, in longer pieces: sixteen digits or letters do not recur by chance.
		const written = String(value);
		for (let at = 0; at + 2 * PIECE <= written.length; at += 1) found.add(written.slice(at, at + 2 * PIECE));
	}
	return found;
}

/** The pieces that more than one of these have, but for those that all of the others have. */
function recurring(mine: readonly string[], others: readonly string[]): string[] {
	const [first = new Set<string>(), ...rest] = others.map(pieces);
	const everybodys = new Set([...first].filter((piece) => rest.every((each) => each.has(piece))));
	const seen = new Map<string, number>();
	for (const text of mine) for (const piece of pieces(text)) seen.set(piece, (seen.get(piece) ?? 0) + 1);
	return [...seen].filter(([piece, times]) => times > 1 && !everybodys.has(piece)).map(([piece]) => piece);
}

/** Another person of the same type and issuer: nothing else is the same. */
const somebodyElse = (index: number): ProvingCredential => {
	const secret = (at: number): bigint => fromBytes(systemRandom.bytes(32)) % (FIELD_ORDER - BigInt(at));
	return credential({
		claims: { given_name: `Person ${index}`, birthdate: `19${50 + index}-0${1 + (index % 9)}-11`, nationalities: ['IT'] },
		holder: { secret: secret(1), blinding: secret(2) },
		validFrom: `2026-02-${10 + (index % 18)}`,
		validUntil: `2029-03-${10 + (index % 18)}`,
		revocationId: 1000 + index,
		random: systemRandom,
	});
};

beforeAll(async () => {
	artifacts = await artifactsInFolder(fileURLToPath(new URL('../../../circuits/', import.meta.url)), { production: false });
	engine = fastEngine({ artifacts, random: systemRandom });
});
afterAll(() => engine.close());

describe('presentations of one document', () => {
	const mine: string[] = [];
	const others: string[] = [];
	let context: RequestContext;

	beforeAll(async () => {
		for (let index = 0; index < OTHERS; index += 1) others.push(await presentation(somebodyElse(index), contextOf(index)));
		const one = credential();
		for (let index = 0; index < MINE; index += 1) {
			context = contextOf(index);
			mine.push(await presentation(one, context));
		}
	}, 300_000);

	test(`${MINE} of them have nothing in common that all other holders of the type do not have`, () => {
		expect(recurring(mine, others)).toEqual([]);
		// One form: no member that only some have, and none whose length tells them apart.
		const form = (text: string): string =>
			leaves(JSON.parse(text))
				.map(([path, value]) => (/publicSignals/.test(path) ? path : `${path} ${String(value).length}`))
				.join('\n');
		expect(new Set([...mine, ...others].map(form)).size).toBe(1);
	});

	test('the comparison finds what it is for', async () => {
		const [first = '', second = ''] = mine;
		// The same proof for two verifiers; the same one-time key; a mark anywhere, in whatever spelling.
		const changed = (text: string, change: (parsed: { binding: { key: string }; proof: string; publicSignals: string[] }) => object): string => {
			const parsed = JSON.parse(text);
			return JSON.stringify({ ...parsed, ...change(parsed) });
		};
		const one = JSON.parse(first);
		const mark = systemRandom.bytes(8);
		const marked = (text: string, at: number): string =>
			changed(text, ({ proof }) => {
				const bytes = base64urlDecode(proof);
				bytes.set(mark, at);
				return { proof: base64urlEncode(bytes) };
			});
		expect(recurring([first, changed(second, () => ({ proof: one.proof }))], others)).not.toEqual([]);
		expect(recurring([first, changed(second, ({ binding }) => ({ binding: { ...binding, key: one.binding.key } }))], others)).not.toEqual([]);
		expect(recurring([marked(first, 17), marked(second, 200)], others)).not.toEqual([]);
		expect(recurring([first, changed(second, ({ publicSignals }) => ({ publicSignals: publicSignals.with(0, one.publicSignals[9]) }))], others)).not.toEqual(
			[],
		);
		expect(recurring([changed(first, () => ({ at: 7 })), changed(second, () => ({ at: 7 }))], others)).toEqual(['/at = 7']);
		expect(recurring([first, second], others)).toEqual([]);
	});

	test('they are proofs all the same', async () => {
		const keys = { resolve: async () => ({ key: issuerPublicKey(SIGNING_KEY), how: 'x' }) };
		const { report } = await verifyStatement({ presentation: mine.at(-1) ?? '', request, context, now: NOW, keys, artifacts, engine });
		expect(findCheck(report, 'zk/proof')?.result).toBe('passed');
		expect(findCheck(report, 'zk/request')?.result).toBe('passed');
	});
});

test('two proofs of the very same inputs share nothing in any of their three points', async () => {
	const { circuit, inputs } = circuitInputs(request, [credential()], 20_261_125, 42n);
	const [first, second] = [await engine.prove(circuit, inputs), await engine.prove(circuit, inputs)].map(({ proof }) =>
		JSON.stringify({ proof: encodeProof(proof) }),
	);
	// What is blinded afresh is all of it: equal inputs alone would give equal points.
	const seen = pieces(first ?? '');
	expect([...pieces(second ?? '')].filter((piece) => seen.has(piece))).toEqual([]);
});
