import { base64urlDecode, type KeyType, utf8Decode } from '@holdfast/crypto';
import type { DIDDocument } from 'did-resolver';
import { z } from 'zod';
import { DidError, invalidDid } from './errors.ts';
import { decodeMultikey, encodeMultikey } from './multikey.ts';

// Peer DID Method 1.0, variants 0 and 2. Written here because the library that Veramo uses states no licence.

const CONTEXT = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'];
const MAX_ELEMENTS = 32;

const RELATIONSHIPS = {
	A: 'assertionMethod',
	D: 'capabilityDelegation',
	E: 'keyAgreement',
	I: 'capabilityInvocation',
	V: 'authentication',
} as const;
const isPurpose = (code: string): code is keyof typeof RELATIONSHIPS => code in RELATIONSHIPS;

interface KeyBytesOf {
	readonly type: KeyType;
	readonly publicKey: Uint8Array;
}

/** did:peer variant 2: one key to sign with, for authentication and for assertions, and one to agree on secrets with. */
export function didPeerFor(signing: KeyBytesOf, agreement: KeyBytesOf): string {
	const key = encodeMultikey(signing.type, signing.publicKey);
	return `did:peer:2.E${encodeMultikey(agreement.type, agreement.publicKey)}.V${key}.A${key}`;
}

/** The document that a did:peer stands for. @throws DidError did/invalid, did/unsupported-key, did/unsupported-method */
export function didPeerDocument(did: string, id: string): DIDDocument {
	if (id.startsWith('0z')) return inceptionKeyDocument(did, id.slice(1));
	if (id.startsWith('2.')) return elementsDocument(did, id.slice(2).split('.'));
	if (/^[134]/.test(id)) throw new DidError('did/unsupported-method', { data: { method: 'peer', variant: id.slice(0, 1) } });
	throw invalidDid('syntax');
}

/** Variant 0: one key, as in did:key. */
function inceptionKeyDocument(did: string, multikey: string): DIDDocument {
	const { type } = decodeMultikey(multikey);
	const method = { id: `${did}#${multikey.slice(1)}`, type: 'Multikey', controller: did, publicKeyMultibase: multikey };
	const refs = [method.id];
	const uses =
		type === 'X25519' ? { keyAgreement: refs } : { authentication: refs, assertionMethod: refs, capabilityInvocation: refs, capabilityDelegation: refs };
	return { '@context': CONTEXT, id: did, verificationMethod: [method], ...uses };
}

/** Variant 2: keys with their purposes, and services. Keys are counted from 1 in their order. */
function elementsDocument(did: string, elements: readonly string[]): DIDDocument {
	if (elements.length > MAX_ELEMENTS) throw invalidDid('length');
	const methods: NonNullable<DIDDocument['verificationMethod']> = [];
	const uses: Partial<Record<(typeof RELATIONSHIPS)[keyof typeof RELATIONSHIPS], string[]>> = {};
	const services: NonNullable<DIDDocument['service']> = [];
	for (const element of elements) {
		const [code = '', rest] = [element.slice(0, 1), element.slice(1)];
		if (code === 'S') {
			services.push(...decodeServices(did, rest, services.length));
			continue;
		}
		if (!isPurpose(code) || !rest.startsWith('z')) throw invalidDid('syntax');
		decodeMultikey(rest);
		const methodId = `${did}#key-${methods.length + 1}`;
		methods.push({ id: methodId, type: 'Multikey', controller: did, publicKeyMultibase: rest });
		const relationship = RELATIONSHIPS[code];
		uses[relationship] = [...(uses[relationship] ?? []), methodId];
	}
	return { '@context': CONTEXT, id: did, verificationMethod: methods, ...uses, ...(services.length > 0 ? { service: services } : {}) };
}

const KEYS: Readonly<Record<string, string>> = { t: 'type', s: 'serviceEndpoint', r: 'routingKeys', a: 'accept' };
const serviceSchema = z.looseObject({ id: z.string().max(256).optional(), type: z.string().max(256), serviceEndpoint: z.unknown() });

function decodeServices(did: string, encoded: string, before: number): NonNullable<DIDDocument['service']> {
	let json: unknown;
	try {
		json = JSON.parse(utf8Decode(base64urlDecode(encoded.replace(/=+$/, ''))));
	} catch {
		throw invalidDid('service');
	}
	return (Array.isArray(json) ? json : [json]).map((each, index) => {
		const service = serviceSchema.safeParse(expand(each, 0));
		if (!service.success) throw invalidDid('service');
		const { id = before + index === 0 ? '#service' : `#service-${before + index}`, type, serviceEndpoint } = service.data;
		return {
			id: id.startsWith('#') ? did + id : id,
			type: type === 'dm' ? 'DIDCommMessaging' : type,
			// Any JSON: nothing here follows it.
			serviceEndpoint: serviceEndpoint as NonNullable<DIDDocument['service']>[number]['serviceEndpoint'],
		};
	});
}

/** The method's abbreviations, spelled out. */
function expand(value: unknown, depth: number): unknown {
	if (depth > 4) throw invalidDid('service');
	if (Array.isArray(value)) return value.map((each) => expand(each, depth + 1));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [KEYS[key] ?? key, expand(each, depth + 1)]));
}
