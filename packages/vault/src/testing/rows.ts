// Rows for tests, and arbitrary ones for property tests.
import type { Json, JsonObject } from '@holdfast/kernel';
import fc from 'fast-check';
import type {
	ActivityRow,
	CollectionRow,
	CredentialRow,
	CredentialTypeRow,
	DidRow,
	ExchangeRow,
	IssuedRow,
	KeyRow,
	NetworkRow,
	OfferRow,
	TrustedIssuerRow,
	VerificationRow,
} from '../index.ts';

export const credentialRow = (patch: Partial<CredentialRow> = {}): CredentialRow => ({
	id: 'credential',
	format: 'dc+sd-jwt',
	raw: 'eyJ.eyJ.sig~',
	type: 'https://example.org/badge',
	issuer: 'did:web:example.org',
	issuerName: null,
	display: null,
	holderKid: null,
	batchId: 'batch',
	validFrom: null,
	validUntil: null,
	receivedAt: 1,
	exchangeId: null,
	lastUsedAt: null,
	uses: 0,
	...patch,
});

export const exchangeRow = (patch: Partial<ExchangeRow> = {}): ExchangeRow => ({
	id: 'exchange',
	kind: 'receive',
	state: 'offered',
	peer: {},
	payload: {},
	createdAt: 1,
	updatedAt: 1,
	outcome: null,
	errorCode: null,
	...patch,
});

export const offerRow = (patch: Partial<OfferRow> = {}): OfferRow => ({
	id: 'offer',
	version: 0,
	state: 'open',
	typeId: 'type',
	uri: '',
	codeHash: 'code',
	accessTokenHash: null,
	expiresAt: 1000,
	createdAt: 1,
	record: {},
	...patch,
});

export const verificationRow = (patch: Partial<VerificationRow> = {}): VerificationRow => ({
	id: 'verification',
	version: 0,
	state: 'open',
	title: 'Age check',
	uri: '',
	createdAt: 1,
	expiresAt: 1000,
	receivedAt: null,
	record: {},
	...patch,
});

// A lone surrogate is no text: UTF-8 cannot hold it.
const text = fc.string({
	unit: fc.oneof(fc.constantFrom('\0', "'", '"', '\u202e', '🔑'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
	maxLength: 12,
});
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const time = fc.integer({ min: 0, max: 8_640_000_000_000_000 });
const count = fc.nat(1_000_000);
export const json = fc.jsonValue({ depthSize: 'small' }) as fc.Arbitrary<Json>;
const object = fc.oneof(
	fc.dictionary(text, json, { maxKeys: 4 }),
	// What JSON.parse makes of a member with this name: an own property.
	fc.constant(JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as JsonObject),
) as fc.Arbitrary<JsonObject>;
const path = fc.array(fc.oneof(text, fc.nat(9), fc.constant(null)), { maxLength: 3 });
const format = fc.constantFrom('dc+sd-jwt' as const, 'jwt_vc_json' as const);
const report = fc.record({
	check: text,
	result: fc.constantFrom('passed' as const, 'failed' as const, 'warning' as const, 'skipped' as const),
	title: text,
	reason: text,
	children: fc.array(fc.record({ check: text, result: fc.constant('passed' as const), title: text, reason: text, code: text }), { maxLength: 2 }),
});

export const keyRows: fc.Arbitrary<KeyRow> = fc.record({
	kid: text,
	type: fc.constantFrom('Ed25519' as const, 'Secp256k1' as const, 'Secp256r1' as const, 'X25519' as const),
	publicKeyHex: text,
	path: orNull(text),
	purpose: text,
	alias: orNull(text),
	createdAt: time,
});

export const didRows: fc.Arbitrary<DidRow> = fc.record({
	did: text,
	provider: text,
	alias: orNull(text),
	controllerKid: orNull(text),
	keys: fc.array(
		fc.record({ kid: text, kms: text, type: text, publicKeyHex: text, meta: orNull(object) }, { requiredKeys: ['kid', 'kms', 'type', 'publicKeyHex'] }),
		{
			maxLength: 3,
		},
	),
	services: fc.array(fc.record({ id: text, type: text, serviceEndpoint: json, description: text }, { requiredKeys: ['id', 'type', 'serviceEndpoint'] }), {
		maxLength: 3,
	}),
	meta: object,
	createdAt: time,
});

export const credentialRows: fc.Arbitrary<CredentialRow> = fc.record({
	id: text,
	format,
	raw: text,
	type: text,
	issuer: text,
	issuerName: orNull(text),
	display: orNull(object),
	holderKid: orNull(text),
	batchId: text,
	validFrom: orNull(time),
	validUntil: orNull(time),
	receivedAt: time,
	exchangeId: orNull(text),
	lastUsedAt: orNull(time),
	uses: count,
});

export const exchangeRows: fc.Arbitrary<ExchangeRow> = fc.record({
	id: text,
	kind: fc.constantFrom('receive' as const, 'present' as const, 'issue' as const, 'verify' as const),
	state: text,
	peer: object,
	payload: object,
	createdAt: time,
	updatedAt: time,
	outcome: orNull(fc.constantFrom('done' as const, 'refused' as const, 'failed' as const, 'interrupted' as const, 'expired' as const)),
	errorCode: orNull(text),
});

export const activityRows: fc.Arbitrary<ActivityRow> = fc.record({
	id: text,
	at: time,
	kind: text,
	title: text,
	peer: orNull(object),
	shared: fc.array(text, { maxLength: 3 }),
	outcome: text,
	detail: orNull(text),
	exchangeId: orNull(text),
	report: orNull(report),
});

export const credentialTypeRows: fc.Arbitrary<CredentialTypeRow> = fc.record({
	id: text,
	name: text,
	formats: fc.array(format, { maxLength: 2 }),
	vct: text,
	type: text,
	schema: object,
	display: object,
	disclosable: fc.oneof(fc.constant('all' as const), fc.array(path, { maxLength: 3 })),
	builtin: fc.boolean(),
	createdAt: time,
});

export const offerRows: fc.Arbitrary<OfferRow> = fc.record({
	id: text,
	version: count,
	state: fc.constantFrom('open' as const, 'redeemed' as const, 'cancelled' as const, 'expired' as const),
	typeId: text,
	uri: text,
	codeHash: text,
	accessTokenHash: orNull(text),
	expiresAt: time,
	createdAt: time,
	record: object,
});

export const issuedRows: fc.Arbitrary<IssuedRow> = fc.record({
	id: text,
	offerId: orNull(text),
	typeId: text,
	format,
	issuerDid: text,
	holder: text,
	issuedAt: time,
	validUntil: orNull(time),
	subtitle: text,
	listId: orNull(text),
	idx: orNull(count),
	state: fc.constantFrom('valid' as const, 'suspended' as const, 'revoked' as const),
	changedAt: orNull(time),
	batchId: orNull(text),
	basis: orNull(text),
});

export const verificationRows: fc.Arbitrary<VerificationRow> = fc.record({
	id: text,
	version: count,
	state: fc.constantFrom('open' as const, 'received' as const, 'done' as const, 'refused' as const, 'expired' as const, 'cancelled' as const),
	title: text,
	uri: text,
	createdAt: time,
	expiresAt: time,
	receivedAt: orNull(time),
	record: object,
});

export const collectionRows: fc.Arbitrary<CollectionRow> = fc.record({
	id: text,
	chainId: fc.integer({ min: 1 }),
	contract: text,
	standard: fc.constantFrom('erc721', 'erc1155'),
	name: text,
	addedAt: time,
});
export const trustedIssuerRows: fc.Arbitrary<TrustedIssuerRow> = fc.record({ issuer: text, name: text, addedAt: time });

export const networkRows: fc.Arbitrary<NetworkRow> = fc.record({ chainId: fc.integer({ min: 1 }), name: text, rpcUrl: text, ethrRegistry: orNull(text) });
