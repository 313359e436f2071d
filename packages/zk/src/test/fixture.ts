import type { Clock, Random } from '@holdfast/kernel';
import { issueAttestation } from '../attestation.ts';
import { holderBlinding, holderCommitment, holderSecret } from '../holder.ts';
import { issuerPublicKey } from '../issuer-key.ts';
import type { ProvingCredential, RequestContext } from '../model.ts';
import { publishRevocations } from '../revocation.ts';

// What tests share: an issuer, a holder, a credential. Everything fixed.

export const at = (date: string): Clock => ({ now: () => Date.parse(`${date}T12:00:00Z`) });
export const NOW = at('2026-11-25');
export const TYPE = 'urn:eudi:pid:1';
export const ISSUER = 'did:web:issuer.example';
export const SIGNING_KEY = new Uint8Array(32).fill(7);
export const HOLDER_SEED = new Uint8Array(32).fill(11);

export const CLAIMS = {
	given_name: 'Erika',
	family_name: 'Mustermann',
	birthdate: '1984-01-26',
	nationalities: ['DE', 'FR'],
	address: { country: 'DE', postal_code: '51147' },
	score: -5,
	resident: true,
};

export const CONTEXT: RequestContext = {
	nonce: 'n-0S6_WzA2Mj',
	audience: 'x509_san_dns:verifier.example',
	responseUri: 'https://verifier.example/response',
	query: '{"credentials":[]}',
};

/** Different bytes at each call, the same in each run. */
export function countingRandom(): Random {
	let calls = 0;
	return { bytes: (length) => Uint8Array.from({ length }, (_, index) => (index * 7 + ++calls * 13) & 255) };
}

export const holderOf = (transaction = 'transaction 1', context = 'wallet') => ({
	secret: holderSecret(HOLDER_SEED, context),
	blinding: holderBlinding(HOLDER_SEED, transaction),
});

export interface CredentialOptions {
	readonly claims?: { readonly [name: string]: unknown };
	readonly signingKey?: Uint8Array;
	readonly type?: string;
	readonly validFrom?: string;
	readonly validUntil?: string;
	readonly revocationId?: number;
	readonly revoked?: readonly number[];
	readonly holder?: ReturnType<typeof holderOf>;
	readonly issuer?: string;
	readonly random?: Random;
}

export function credential(options: CredentialOptions = {}): ProvingCredential {
	const signingKey = options.signingKey ?? SIGNING_KEY;
	const claims = options.claims ?? CLAIMS;
	const holder = options.holder ?? holderOf();
	return {
		attestation: issueAttestation({
			signingKey,
			kid: 'zk-1',
			type: options.type ?? TYPE,
			claims,
			holderCommitment: holderCommitment(holder),
			validFrom: options.validFrom ?? '2026-01-01',
			validUntil: options.validUntil ?? '2030-12-31',
			revocationId: options.revocationId ?? 77,
			random: options.random ?? countingRandom(),
		}),
		claims,
		issuer: options.issuer ?? ISSUER,
		issuerKey: issuerPublicKey(signingKey),
		holder,
		revocation: publishRevocations({ signingKey, revoked: options.revoked ?? [5, 76, 500_000], now: NOW }),
	};
}
