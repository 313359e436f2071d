// For tests: real parts only. The stores keep their rows in memory and compare and set as a database would.
import { didJwk, issue, keyInDid, parse, verify } from '@holdfast/credentials';
import { generateKeyPair, type Jwk, type KeyType, type Signer, signerOf } from '@holdfast/crypto';
import { type Clock, HoldfastError, type JsonObject, systemRandom } from '@holdfast/kernel';
import {
	type CredentialConfiguration,
	type CredentialFormat,
	createIssuer,
	createVerifier,
	type DidKeyResolver,
	type HeldCredential,
	type Issuer,
	type IssuerConfig,
	type IssuerEvent,
	type IssuerStore,
	type OfferRecord,
	type PresentDeps,
	type ReceiveDeps,
	type Served,
	serve,
	type VerificationRecord,
	type Verifier,
	type VerifierEvent,
	type VerifierStore,
} from './index.ts';

export const random = systemRandom;
export const VCT = 'https://credentials.example/identity_credential';

/** A clock that stands still until it is told to move. */
export function testClock(start = Date.UTC(2026, 0, 2, 3, 4, 5)): Clock & { advance(ms: number): void } {
	let now = start;
	return {
		now: () => now,
		advance: (ms) => {
			now += ms;
		},
	};
}

export const newSigner = (type: KeyType = 'Secp256r1'): Signer => signerOf(generateKeyPair(type, random));

/** A signer whose key stands in a did:jwk. */
export function didSigner(type: KeyType = 'Secp256r1'): { did: string; signer: Signer } {
	const pair = generateKeyPair(type, random);
	const did = didJwk(signerOf(pair).publicJwk);
	return { did, signer: signerOf(pair, `${did}#0`) };
}

const resolveKey: DidKeyResolver = async ({ kid }) => {
	const jwk = keyInDid(kid);
	if (!jwk) throw new HoldfastError('did/not-found', 'This DID was not found.');
	return { jwk, how: 'the key in the DID itself' };
};

export class MemoryIssuerStore implements IssuerStore {
	readonly offers = new Map<string, OfferRecord>();
	readonly nonces = new Map<string, number>();
	insertOffer(record: OfferRecord): void {
		this.offers.set(record.id, structuredClone(record));
	}
	getOffer(id: string): OfferRecord | undefined {
		return structuredClone(this.offers.get(id));
	}
	findOfferByCodeHash(hash: string): OfferRecord | undefined {
		return structuredClone([...this.offers.values()].find((each) => each.codeHash === hash));
	}
	findOfferByAccessTokenHash(hash: string): OfferRecord | undefined {
		return structuredClone([...this.offers.values()].find((each) => each.accessTokenHash === hash));
	}
	replaceOffer(next: OfferRecord): boolean {
		if (this.offers.get(next.id)?.version !== next.version - 1) return false;
		this.offers.set(next.id, structuredClone(next));
		return true;
	}
	putNonce(hash: string, expiresAt: number): void {
		this.nonces.set(hash, expiresAt);
	}
	consumeNonce(hash: string, now: number): boolean {
		const expiresAt = this.nonces.get(hash);
		this.nonces.delete(hash);
		return expiresAt !== undefined && expiresAt > now;
	}
}

class MemoryVerifierStore implements VerifierStore {
	readonly records = new Map<string, VerificationRecord>();
	insert(record: VerificationRecord): void {
		this.records.set(record.id, structuredClone(record));
	}
	get(id: string): VerificationRecord | undefined {
		return structuredClone(this.records.get(id));
	}
	replace(next: VerificationRecord): boolean {
		if (this.records.get(next.id)?.version !== next.version - 1) return false;
		this.records.set(next.id, structuredClone(next));
		return true;
	}
}

export const configurations: readonly CredentialConfiguration[] = [
	{
		id: 'identity-sd-jwt',
		format: 'dc+sd-jwt',
		vct: VCT,
		display: [{ name: 'Identity', locale: 'en', background_color: '#12107c', text_color: '#ffffff' }],
		claims: [{ path: ['given_name'], mandatory: true, display: [{ name: 'Given name', locale: 'en' }] }, { path: ['address', 'locality'] }],
		signingAlgs: ['ES256'],
		bindingMethods: ['jwk'],
	},
	{
		id: 'identity-jwt-vc',
		format: 'jwt_vc_json',
		types: ['VerifiableCredential', 'IdentityCredential'],
		display: [{ name: 'Identity', locale: 'en' }],
		signingAlgs: ['ES256'],
		bindingMethods: ['jwk', 'did:jwk'],
	},
];

export const CLAIMS: JsonObject = {
	given_name: 'Ada',
	family_name: 'Lovelace',
	birthdate: '1815-12-10',
	nationalities: ['GB', 'FR'],
	address: { street_address: '12 St James’s Square', locality: 'London', postal_code: 'SW1Y' },
};

export interface TestIssuer {
	readonly issuer: Issuer;
	readonly store: MemoryIssuerStore;
	readonly events: IssuerEvent[];
	readonly served: Served;
	readonly url: string;
	readonly did: string;
	readonly signed: { count: number };
}

/** An issuer on loopback, at a path. */
export async function startIssuer(clock: Clock, config: Partial<IssuerConfig> = {}): Promise<TestIssuer> {
	let issuer: Issuer | undefined;
	const served = await serve((request) => (issuer ? issuer.handle(request) : Promise.reject(new Error('not started'))));
	const store = new MemoryIssuerStore();
	const events: IssuerEvent[] = [];
	const { did, signer } = didSigner();
	const signed = { count: 0 };
	const url = `${served.url}/issuer/one`;
	issuer = createIssuer({
		config: { issuerUrl: url, display: [{ name: 'Test Office', locale: 'en' }], configurations: () => configurations, batchSize: 4, ...config },
		store,
		clock,
		random,
		resolveHolderKey: resolveKey,
		onEvent: (event) => events.push(event),
		issueCredential: async ({ configuration, offer, holderJwk, holderDid }) => {
			signed.count++;
			return issueOne(configuration.format, { did, signer }, holderJwk, clock, offer.data, holderDid);
		},
	});
	return { issuer, store, events, served, url, did, signed };
}

export function issueOne(
	format: CredentialFormat,
	issuer: { did: string; signer: Signer },
	jwk: Jwk,
	clock: Clock,
	claims: JsonObject = CLAIMS,
	did?: string,
	type = format === 'dc+sd-jwt' ? VCT : 'IdentityCredential',
): Promise<string> {
	return issue(
		{
			format,
			issuer: issuer.did,
			signer: issuer.signer,
			type,
			claims,
			holder: did === undefined ? { jwk } : { jwk, did },
			issuedAt: Math.floor(clock.now() / 1000),
			validUntil: Math.floor(clock.now() / 1000) + 365 * 86_400,
		},
		{ random },
	);
}

export interface TestVerifier {
	readonly verifier: Verifier;
	readonly store: MemoryVerifierStore;
	readonly events: VerifierEvent[];
	readonly served: Served;
	readonly did: string;
	readonly signer: Signer;
}

export async function startVerifier(clock: Clock): Promise<TestVerifier> {
	let verifier: Verifier | undefined;
	const served = await serve((request) => (verifier ? verifier.handle(request) : Promise.reject(new Error('not started'))));
	const made = makeVerifier(clock, `${served.url}/vp`);
	verifier = made.verifier;
	return { ...made, served };
}

/** A verifier without a server, or for one. */
export function makeVerifier(clock: Clock, baseUrl: string | null): Omit<TestVerifier, 'served'> {
	const store = new MemoryVerifierStore();
	const events: VerifierEvent[] = [];
	const { did, signer } = didSigner();
	const verifier = createVerifier({
		baseUrl,
		store,
		clock,
		random,
		onEvent: (event) => events.push(event),
		verifyPresentation: ({ presentation, format, nonce, audience, requireHolderBinding, requested }) =>
			verify({
				...(requireHolderBinding ? { presentation } : { credential: presentation }),
				format,
				requested,
				expected: { now: clock, nonce, audience, requireHolderBinding },
				keys: {
					resolve: async ({ issuer }) => {
						const jwk = keyInDid(issuer);
						if (!jwk) throw new HoldfastError('credential/issuer-key-not-found', 'The issuer’s key was not found.');
						return { jwk, how: 'the key in the DID itself', did: issuer };
					},
				},
			}),
	});
	return { verifier, store, events, did, signer };
}

export const receiveDeps = (clock: Clock): ReceiveDeps => ({ fetch, clock, allowLoopbackHttp: true });
export const presentDeps = (clock: Clock): PresentDeps => ({ fetch, clock, random, resolveKey, allowLoopbackHttp: true });

/** A credential that `signer` holds, straight from an issuer. */
export async function hold(format: CredentialFormat, signer: Signer, clock: Clock, claims: JsonObject = CLAIMS, type?: string): Promise<HeldCredential> {
	const raw = await issueOne(format, didSigner(), signer.publicJwk, clock, claims, undefined, type);
	return { id: raw.slice(-12), parsed: parse(raw) };
}

/** The code of what `work` throws; fails where it throws nothing of ours. */
export async function codeOf(work: () => unknown): Promise<string> {
	try {
		await work();
	} catch (error) {
		if (error instanceof HoldfastError) return error.code;
		throw error;
	}
	return 'nothing thrown';
}
