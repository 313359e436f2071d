import { base64urlDecode, base64urlEncode } from '@holdfast/crypto';
import { isDate } from './calendar.ts';
import { type ClaimValue, isValue, readSchema, writeSchema } from './claims.ts';
import { array, bytesOf, identifier, malformed, readCompact, record, writeCompact } from './compact.ts';
import type { Header } from './credential.ts';

/** What travels. Nothing in it but what is shown, the request's hash, and fresh random points and scalars. */
export interface Presentation extends Header {
	/** In the order of `schema`. */
	readonly disclosed: readonly { readonly name: string; readonly value: ClaimValue }[];
	/**
	 * The day on which the credential is proven to be valid: the wallet's today in UTC. Not the verifier's choice:
	 * who may choose could find the last day by asking again and again.
	 */
	readonly day: string;
	/** SHA-256 of the request, to tell "for another request" from "wrong". The proof covers it as well. */
	readonly requestHash: Uint8Array;
	/** A point of G1, where one was asked for. */
	readonly pseudonym?: Uint8Array;
	/** Points and scalars only (layout.ts). */
	readonly proof: Uint8Array;
}

const PRESENTATION = 'bbs-presentation-1';

export const writePresentation = (presentation: Presentation): string =>
	writeCompact(PRESENTATION, {
		iss: presentation.issuer,
		kid: presentation.keyId,
		typ: presentation.type,
		claims: writeSchema(presentation.schema),
		shown: presentation.disclosed.map(({ name, value }) => [name, value]),
		day: presentation.day,
		req: base64urlEncode(presentation.requestHash),
		...(presentation.pseudonym ? { nym: base64urlEncode(presentation.pseudonym) } : {}),
		proof: base64urlEncode(presentation.proof),
	});

/** Reads a presentation: form and values, no cryptography. Throws `bbs/malformed` or `bbs/too-large`. */
export const parsePresentation = (text: string): Presentation =>
	readCompact(
		PRESENTATION,
		text,
		(json) => {
			const named = typeof json === 'object' && json !== null && Object.hasOwn(json, 'nym');
			const fields = record(json, ['iss', 'kid', 'typ', 'claims', 'shown', 'day', 'req', ...(named ? (['nym'] as const) : []), 'proof']);
			const schema = readSchema(fields.claims);
			const disclosed = array(fields.shown, schema.length).map((entry) => {
				const [name, value] = array(entry, 2);
				const claim = schema.find((each) => each.name === name);
				if (!claim || !isValue(claim.kind, value)) throw malformed();
				return { name: claim.name, value };
			});
			// In the order of the schema and none twice: one spelling only.
			const places = disclosed.map(({ name }) => schema.findIndex((claim) => claim.name === name));
			if (places.some((place, at) => at > 0 && place <= (places[at - 1] ?? 0)) || typeof fields.proof !== 'string' || !isDate(fields.day)) throw malformed();
			return {
				issuer: identifier(fields.iss),
				keyId: identifier(fields.kid),
				type: identifier(fields.typ),
				schema,
				disclosed,
				day: fields.day,
				requestHash: bytesOf(fields.req, 32),
				...(named ? { pseudonym: bytesOf(fields.nym, 48) } : {}),
				proof: base64urlDecode(fields.proof),
			};
		},
		writePresentation,
	);
