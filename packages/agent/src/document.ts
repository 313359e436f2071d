import type { DIDDocument } from 'did-resolver';
import { z } from 'zod';
import { invalidDid } from './errors.ts';

/** Longest DID that is looked at, in characters: a did:jwk or did:peer carries its keys. */
export const MAX_DID_LENGTH = 4096;

// DID Core 1.0 §3.1.
const DID = /^did:([a-z0-9]+):((?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2}|:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2}))$/;

export interface ParsedDid {
	readonly did: string;
	/** `web` for did:web. */
	readonly method: string;
	readonly id: string;
}

/** @throws DidError did/invalid */
export function parseDid(did: string): ParsedDid {
	if (did.length > MAX_DID_LENGTH) throw invalidDid('length');
	const match = DID.exec(did);
	if (!match?.[1] || !match[2]) throw invalidDid('syntax');
	return { did, method: match[1], id: match[2] };
}

/** A DID URL's DID and fragment. Paths and queries are not supported. @throws DidError did/invalid */
export function parseDidUrl(url: string): ParsedDid & { readonly fragment: string | undefined } {
	const hash = url.indexOf('#');
	const did = parseDid(hash < 0 ? url : url.slice(0, hash));
	const fragment = hash < 0 ? undefined : url.slice(hash + 1);
	if (fragment !== undefined && !/^[A-Za-z0-9._~!$&'()*+,;=:@/?%-]{1,2048}$/.test(fragment)) throw invalidDid('fragment');
	return { ...did, fragment };
}

const text = z.string().max(MAX_DID_LENGTH + 2048);
const keyMaterial = z.string().max(8192).optional();

// Unknown members stay: documents carry extensions. Known ones have to have their type.
const verificationMethod = z.looseObject({
	id: text.min(1),
	type: z.string().min(1).max(256),
	controller: text.min(1),
	publicKeyJwk: z.looseObject({ kty: z.string().max(32) }).optional(),
	publicKeyMultibase: keyMaterial,
	publicKeyBase58: keyMaterial,
	publicKeyHex: keyMaterial,
	publicKeyBase64: keyMaterial,
	blockchainAccountId: keyMaterial,
	ethereumAddress: keyMaterial,
});
const relationship = z
	.array(z.union([text, verificationMethod]))
	.max(256)
	.optional();
const documentSchema = z.looseObject({
	id: text,
	verificationMethod: z.array(verificationMethod).max(256).optional(),
	authentication: relationship,
	assertionMethod: relationship,
	keyAgreement: relationship,
	capabilityInvocation: relationship,
	capabilityDelegation: relationship,
	service: z
		.array(z.looseObject({ id: text, type: z.union([z.string(), z.array(z.string())]) }))
		.max(256)
		.optional(),
});

const RELATIONSHIPS = ['authentication', 'assertionMethod', 'keyAgreement', 'capabilityInvocation', 'capabilityDelegation'] as const;

/**
 * Checks what a resolver obtained for `did` (DID Core 1.0 §4, §5) and gives it with absolute method ids.
 *
 * The document has to be the one of the DID that was asked for; a method's id may occur once, so that
 * a `kid` means one key; no method may carry a private key.
 *
 * @throws DidError did/invalid with `data.reason`
 */
export function checkDocument(did: string, input: unknown): DIDDocument {
	const result = documentSchema.safeParse(input);
	if (!result.success) throw invalidDid('document-shape');
	const document = result.data;
	if (document.id !== did) throw invalidDid('id-mismatch');
	const seen = new Set<string>();
	const absolute = (id: string): string => (id.startsWith('#') ? did + id : id);
	const method = (each: z.infer<typeof verificationMethod>) => {
		const id = absolute(each.id);
		if (seen.has(id)) throw invalidDid('duplicate-method');
		seen.add(id);
		if (each.publicKeyJwk && 'd' in each.publicKeyJwk) throw invalidDid('private-key-in-document');
		return { ...each, id };
	};
	const checked: Record<string, unknown> = { ...document };
	if (document.verificationMethod) checked.verificationMethod = document.verificationMethod.map(method);
	for (const name of RELATIONSHIPS) {
		const entries = document[name];
		if (entries) checked[name] = entries.map((entry) => (typeof entry === 'string' ? absolute(entry) : method(entry)));
	}
	// The schema has established the shape; did-resolver's own type says the same with less precision.
	return checked as unknown as DIDDocument;
}

/** The verification methods that stand in `relationship`, embedded or by reference, in the document's order. */
export function methodsFor(document: DIDDocument, relationship: (typeof RELATIONSHIPS)[number]) {
	const methods = new Map((document.verificationMethod ?? []).map((method) => [method.id, method]));
	return (document[relationship] ?? []).flatMap((entry) => {
		if (typeof entry !== 'string') return [entry];
		const method = methods.get(entry);
		return method ? [method] : [];
	});
}
