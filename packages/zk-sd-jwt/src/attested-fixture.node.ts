import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Random, systemRandom } from '@holdfast/kernel';
import {
	type CircuitInputs,
	circuitInputs,
	holderBlinding,
	holderCommitment,
	holderSecret,
	issueAttestation,
	issuerPublicKey,
	overAge,
	type ProvingCredential,
	type StatementRequest,
} from '@holdfast/zk';
import { type AttestedProver, openAttestedProver } from './attested-prover.node.ts';
import { makeDevelopmentReferenceString } from './development-string.node.ts';
import { openReferenceString, type ReferenceStringFolder } from './reference-string-folder.node.ts';

// An attestation and a prover for the tests and the benchmark.

export const ROOT = join(import.meta.dirname, '..', '..', '..');
export const STRING = join(ROOT, '.cache', 'zk-sd-jwt', 'attested-string');
export const TODAY = 20_261_125;
export const TYPE = 'urn:eudi:pid:1';
export const SIGNING_KEY = new Uint8Array(32).fill(7);
export const VERIFIER = 'https://bar.example';

export const request: StatementRequest = { statement: overAge(18, TODAY), types: [TYPE], scope: { verifier: VERIFIER, purpose: 'one vote each' } };

const seed = new Uint8Array(32).fill(3);
const holder = { secret: holderSecret(seed, 'wallet'), blinding: holderBlinding(seed, 'one') };

let calls = 0;
const counting: Random = { bytes: (length) => Uint8Array.from({ length }, (_, i) => (i * 7 + ++calls * 13) & 255) };

export function credential(claims: { readonly [name: string]: unknown } = { birthdate: '1984-01-26', family_name: 'Lovelace', score: -3 }): ProvingCredential {
	const attestation = issueAttestation({
		signingKey: SIGNING_KEY,
		type: TYPE,
		claims,
		holderCommitment: holderCommitment(holder),
		validFrom: '2026-01-01',
		validUntil: '2030-12-31',
		random: counting,
	});
	return { attestation, claims, issuer: 'did:web:pid.example', issuerKey: issuerPublicKey(SIGNING_KEY), holder };
}

export const attestedInputs = (asked: StatementRequest = request, from = credential()): CircuitInputs => circuitInputs(asked, [from], TODAY, 42n).inputs;

/** Made once on a machine: the same work for every run. */
export async function developmentString(): Promise<ReferenceStringFolder> {
	if (!existsSync(join(STRING, 'reference-string.sha256'))) await makeDevelopmentReferenceString(STRING, 2 ** 15 + 1, systemRandom);
	return openReferenceString(STRING, { allowDevelopment: true });
}

export const openedProver = async (): Promise<AttestedProver> =>
	openAttestedProver({ referenceString: await developmentString(), circuits: join(ROOT, 'circuits', 'attested', 'target'), threads: 2 });
