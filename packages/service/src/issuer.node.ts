import { ATTESTATION_CLAIM, type CredentialType, issue, parse, readStatus, type StatusReference } from '@holdfast/credentials';
import { jwkThumbprint, type Signer } from '@holdfast/crypto';
import { displayText, epochSeconds, type JsonObject, newId } from '@holdfast/kernel';
import type { CredentialConfiguration, IssuerDeps, OfferRecord } from '@holdfast/oid4vc';
import type { IssuedRow } from '@holdfast/vault';
import { z } from 'zod';
import { record } from './activity.node.ts';
import { keptTokens } from './proofs/key-token.node.ts';
import { ATTESTATION_ALG, ATTESTATION_EXTENSION, BBS_EXTENSION, BBS_USE } from './proofs/names.ts';
import { listAddress } from './proofs/revocations.node.ts';
import { attested } from './proofs/routes.node.ts';
import type { Session } from './session.node.ts';
import { drawStatus } from './statuses.node.ts';
import { configurationId, credentialType, credentialTypes, dateClaims, typeName } from './types.node.ts';

const BATCH_SIZE = 5;

/** What an offer carries for signing later (`OfferRecord.data`): exactly what was approved. */
export const OfferData = z.object({
	typeId: z.string(),
	format: z.enum(['dc+sd-jwt', 'jwt_vc_json']),
	issuerDid: z.string(),
	claims: z.record(z.string(), z.json()),
	validDays: z.number().int(),
	subtitle: z.string(),
	/** The batch that the offer was made in. */
	batchId: z.string().nullable().default(null),
	/** The ground or consent, for the register. */
	basis: z.string().nullable().default(null),
});
export type OfferData = z.infer<typeof OfferData>;

/** A ground or consent as it is kept: cleaned, and null for none. */
export const basisOf = (text: string | undefined): string | null => displayText(text ?? '', 300) || null;

const DAY_SEC = 86_400;

/** The offer that a credential is signed for, and the issuer's address: what it takes to revoke it later. */
interface Offered {
	readonly offerId: string;
	readonly issuerUrl: string;
}

/**
 * Signs one credential for one key: the same call for an offer redeemed and for one issued by hand. Where it can be revoked,
 * its place is on the disk before it is signed, and the same when it is signed again.
 */
export async function signCredential(
	session: Session,
	data: OfferData,
	holder: { jwk: Parameters<typeof issue>[0]['holder']['jwk']; did?: string },
	known: {
		readonly proofClaims?: JsonObject;
		readonly type?: CredentialType;
		readonly signer?: Signer;
		/** The entry of a status list that was drawn for it, or null for none. */
		readonly status?: StatusReference | null;
		readonly offered?: Offered;
	} = {},
): Promise<string> {
	const type = known.type ?? credentialType(session.vault, data.typeId);
	const signer = known.signer ?? (await session.agent.didSigner(data.issuerDid));
	// Rounded down to the hour: the exact second would make the copies of a batch, and their holder, recognisable.
	const now = Math.floor(epochSeconds(session.clock) / 3600) * 3600;
	const validUntil = now + data.validDays * DAY_SEC;
	const typeName = data.format === 'dc+sd-jwt' ? type.vct : type.type;
	const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
	const holderKid = jwkThumbprint(holder.jwk);
	const { offered } = known;
	const attestation = await attested(session, {
		did: data.issuerDid,
		signer,
		type: typeName,
		claims: data.claims,
		dates: dateClaims(type),
		from: day(now),
		until: day(validUntil),
		holderKid,
		...(offered
			? { revocable: { place: () => placeFor(session, data, offered, holderKid, validUntil), list: listAddress(offered.issuerUrl, data.issuerDid) } }
			: {}),
		proofClaims: known.proofClaims ?? {},
	});
	// Drawn here and now: an entry that comes of nothing, because a request was lost, is only one that nobody has.
	const status = known.status === undefined ? drawStatus(session, data.issuerDid) : known.status;
	return issue(
		{
			format: data.format,
			issuer: data.issuerDid,
			signer,
			type: typeName,
			claims: { ...data.claims, ...attestation },
			disclosable: [...type.disclosable, [ATTESTATION_CLAIM]],
			holder,
			...(status ? { status } : {}),
			issuedAt: now,
			validFrom: now,
			validUntil,
		},
		{ random: session.random },
	);
}

function placeFor(session: Session, data: OfferData, { offerId }: Offered, holderKid: string, validUntil: number): number {
	return session.vault.proofRevocations.placeFor({
		issuerDid: data.issuerDid,
		offerId,
		// A W3C credential shows all that is in it: one place for all copies would make them recognisable.
		copy: data.format === 'dc+sd-jwt' ? '' : holderKid,
		typeId: data.typeId,
		subtitle: data.subtitle,
		createdAt: session.clock.now(),
		validUntil: validUntil * 1000,
	});
}

function configurations(session: Session): CredentialConfiguration[] {
	const tokens = keptTokens(session, BBS_USE);
	return credentialTypes(session.vault).flatMap((type) =>
		type.formats.map((format) => ({
			id: configurationId(type, format),
			format,
			...(format === 'dc+sd-jwt' ? { vct: type.vct } : { types: ['VerifiableCredential', type.type] }),
			display: (type.display.display ?? []).map((entry) => ({
				name: entry.name ?? type.name,
				...(entry.locale ? { locale: entry.locale } : {}),
				...(entry.description ? { description: entry.description } : {}),
				...(entry.background_color ? { background_color: entry.background_color } : {}),
				...(entry.text_color ? { text_color: entry.text_color } : {}),
				...(entry.logo?.uri ? { logo: { uri: entry.logo.uri, ...(entry.logo.alt_text ? { alt_text: entry.logo.alt_text } : {}) } } : {}),
			})),
			claims: (type.display.claims ?? []).map((claim) => ({
				path: claim.path,
				...(claim.mandatory === undefined ? {} : { mandatory: claim.mandatory }),
				display: (claim.display ?? []).flatMap((each) => (each.name ? [{ name: each.name, ...(each.locale ? { locale: each.locale } : {}) }] : [])),
			})),
			signingAlgs: ['ES256', 'EdDSA', 'ES256K'] as const,
			bindingMethods: ['jwk', 'did:jwk', 'did:key'],
			extensions: { [ATTESTATION_EXTENSION]: { alg: ATTESTATION_ALG }, [BBS_EXTENSION]: { key_tokens: tokens } },
		})),
	);
}

/** The register's row for a credential that was signed. Which entry of which list it has is read from the credential itself, where it is not known. */
export function issuedRow(
	session: Session,
	data: OfferData,
	issued: { readonly offerId: string | null; readonly credential: string; readonly holder: string; readonly issuedAt: number },
	drawn?: StatusReference | null,
): IssuedRow {
	const status = drawn === undefined ? readStatus(parse(issued.credential).status) : drawn;
	const listed =
		typeof status === 'object' && status !== null
			? { listId: session.vault.statusLists.findByUri(status.uri)?.id ?? null, idx: status.idx }
			: { listId: null, idx: null };
	return {
		id: newId(session.random),
		offerId: issued.offerId,
		typeId: data.typeId,
		format: data.format,
		issuerDid: data.issuerDid,
		holder: issued.holder,
		issuedAt: issued.issuedAt,
		validUntil: issued.issuedAt + data.validDays * DAY_SEC * 1000,
		subtitle: data.subtitle,
		...listed,
		state: 'valid',
		changedAt: null,
		batchId: data.batchId,
		basis: data.basis,
	};
}

/** Books what an offer has led to: one row a credential, in the same transaction as the offer's change. */
function book(session: Session, next: OfferRecord): void {
	const data = OfferData.parse(next.data);
	const known = session.vault.issued.countByOffer(next.id);
	const rows = next.issued.flatMap((each) =>
		each.holderThumbprints.map((holder, index) =>
			issuedRow(session, data, { offerId: next.id, credential: each.credentials[index] ?? '', holder, issuedAt: each.issuedAt }),
		),
	);
	if (rows.length <= known) return;
	session.vault.issued.insertMany(rows.slice(known));
	record(session, { kind: 'issued', title: `${typeName(session.vault, data.typeId)} issued`, detail: data.subtitle });
}

export function issuerDeps(session: Session, issuerUrl: string): IssuerDeps {
	const { vault } = session;
	return {
		config: { issuerUrl, display: [{ name: new URL(issuerUrl).host }], configurations: () => configurations(session), batchSize: BATCH_SIZE },
		clock: session.clock,
		random: session.random,
		store: {
			insertOffer: (next) => vault.offers.insert(offerRow(next, '')),
			getOffer: (id) => vault.offers.get(id)?.record as OfferRecord | undefined,
			findOfferByCodeHash: (hash) => vault.offers.findByCodeHash(hash)?.record as OfferRecord | undefined,
			findOfferByAccessTokenHash: (hash) => vault.offers.findByAccessTokenHash(hash)?.record as OfferRecord | undefined,
			replaceOffer: (next) =>
				vault.transaction(() => {
					const stored = vault.offers.get(next.id);
					const done = stored !== undefined && vault.offers.replace(offerRow(next, stored.uri));
					if (done) book(session, next);
					return done;
				}),
			putNonce: (hash, expiresAt) => vault.nonces.put(hash, expiresAt),
			consumeNonce: (hash, now) => vault.nonces.consume(hash, now),
		},
		issueCredential: ({ offer, holderJwk, holderDid, proofClaims }) =>
			signCredential(
				session,
				OfferData.parse(offer.data),
				{ jwk: holderJwk, ...(holderDid ? { did: holderDid } : {}) },
				{ proofClaims, offered: { offerId: offer.id, issuerUrl } },
			),
		resolveHolderKey: session.keys.did,
		onEvent: (event) => {
			if ('offerId' in event && event.offerId !== undefined) session.changed('offers', event.offerId);
			if (event.kind === 'issued') session.changed('register');
		},
	};
}

export const offerRow = (next: OfferRecord, uri: string) => ({
	id: next.id,
	version: next.version,
	state: next.state,
	codeHash: next.codeHash,
	accessTokenHash: next.accessTokenHash,
	createdAt: next.createdAt,
	expiresAt: next.expiresAt,
	typeId: OfferData.parse(next.data).typeId,
	uri,
	record: next as unknown as import('@holdfast/kernel').JsonObject,
});
