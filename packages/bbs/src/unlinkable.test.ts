import * as library from '@docknetwork/crypto-wasm';
import { base64urlDecode, base64urlEncode, utf8Decode } from '@holdfast/crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { scalarToBytes } from './ciphersuite.ts';
import { createEngine, type Engine } from './engine.ts';
import { credentialOf, HOLDER_SECRET, keys, NOW, requestOf, trust } from './fixture.ts';
import { present } from './present.ts';
import { parsePresentation } from './presentation.ts';
import { type BbsRequest, pseudonymBase } from './request.ts';
import { holderScalars } from './secrets.ts';
import { verify } from './verify.ts';

let engine: Engine;
beforeAll(async () => {
	engine = await createEngine();
});

const WINDOW = 8;
const windows = (bytes: Uint8Array): Set<string> =>
	new Set(Array.from({ length: bytes.length - WINDOW + 1 }, (_, at) => base64urlEncode(bytes.subarray(at, at + WINDOW))));
const fieldsOf = (presentation: string): Record<string, unknown> =>
	JSON.parse(utf8Decode(base64urlDecode(presentation.split('.')[1] ?? ''))) as Record<string, unknown>;

/** Presentations that are compared, each with each; a presentation takes more than a second. `HOLDFAST_UNLINKABLE=50` for the long run. */
const PRESENTATIONS = Number(process.env.HOLDFAST_UNLINKABLE ?? 11);

test('presentations of one credential, each beside each: no 8 bytes in common but what every holder’s has', async () => {
	const credential = credentialOf(engine);
	const answers = Array.from({ length: PRESENTATIONS }, (_, at) => {
		const request = requestOf({ nonce: `nonce-of-visit-number-${at}` });
		return { request, presentation: present(engine, { credential, secret: HOLDER_SECRET, request, now: NOW }) };
	});

	// Another person, born on another day, with another last day: what is not random is the same to the letter.
	const other = requestOf({ nonce: 'nonce-of-somebody-else' });
	const secret = new Uint8Array(32).fill(1);
	const stranger = present(engine, {
		credential: credentialOf(engine, { secret, birthDate: '1933-01-01', expires: '2029-06-30' }),
		secret,
		request: other,
		now: NOW,
	});
	const constant = ({ proof: _, req: __, ...rest }: Record<string, unknown>): unknown => rest;
	for (const { presentation } of answers) {
		expect(constant(fieldsOf(presentation))).toEqual(constant(fieldsOf(stranger)));
		expect(presentation.length).toBe(stranger.length);
	}

	const random = answers.map(({ presentation }) => {
		const { proof, requestHash } = parsePresentation(presentation);
		return windows(Uint8Array.from([...requestHash, ...proof]));
	});
	let pairs = 0;
	random.forEach((a, at) => {
		for (const b of random.slice(at + 1)) {
			pairs++;
			expect([...a].filter((window) => b.has(window))).toEqual([]);
		}
	});
	expect(pairs).toBe((PRESENTATIONS * (PRESENTATIONS - 1)) / 2);
	expect(pairs).toBeGreaterThanOrEqual(55);

	const [first] = answers;
	if (!first) throw new Error('none');
	expect((await verify(engine, { ...first, now: NOW, keys, trust })).report.result).toBe('passed');
});

describe('a pseudonym', () => {
	const at = (given: Partial<BbsRequest>): { request: BbsRequest; presentation: string } => {
		const request = requestOf({ bounds: [], pseudonym: { purpose: 'one account' }, ...given });
		return { request, presentation: present(engine, { credential: credentialOf(engine), secret: HOLDER_SECRET, request, now: NOW }) };
	};
	const nym = ({ presentation }: { presentation: string }): string => String(fieldsOf(presentation).nym);

	test('is the same for one verifier and purpose, whichever credential the holder uses', async () => {
		const [first, again] = [at({}), at({ nonce: 'another-nonce-of-the-verifier' })];
		expect(nym(again)).toBe(nym(first));
		expect(nym(first)).toBe(pure({}));
		for (const each of [first, again]) {
			const verification = await verify(engine, { ...each, now: NOW, keys, trust });
			expect(verification.report.result).toBe('passed');
			expect(verification.pseudonym).toBe(nym(first));
			expect(verification.learned).toContain('That the same person comes back, for this purpose here; not who it is, nor where else.');
		}
	});

	/** Without the proof: the base for the request, times the secret. */
	const pure = (given: Partial<BbsRequest>, secret = HOLDER_SECRET): string => {
		const base = pseudonymBase(requestOf({ pseudonym: { purpose: 'one account' }, ...given })) ?? new Uint8Array();
		return base64urlEncode(library.pedersenCommitmentG1([base], [scalarToBytes(holderScalars(secret, new Uint8Array(32)).link)]));
	};

	test('differs for another audience, purpose or holder, and does not run the two together', () => {
		const all = [
			pure({}),
			pure({ pseudonym: { purpose: 'one vote' } }),
			pure({ audience: 'x509_hash:club.example' }),
			pure({}, new Uint8Array(32).fill(1)),
			pure({ audience: 'ab', pseudonym: { purpose: 'c' } }),
			pure({ audience: 'a', pseudonym: { purpose: 'bc' } }),
		];
		expect(new Set(all).size).toBe(all.length);
		expect(pure({ nonce: 'another-nonce-of-the-verifier', responseUri: 'https://bar.example/2' })).toBe(pure({}));
	});
});
