import { bindingKey } from '@holdfast/agent';
import type { Issued, Offer } from '@holdfast/contract';
import { schemaProblems } from '@holdfast/credentials';
import { jwkThumbprint } from '@holdfast/crypto';
import { displayText, type JsonObject } from '@holdfast/kernel';
import type { OfferRecord } from '@holdfast/oid4vc';
import type { OfferRow } from '@holdfast/vault';
import { record } from '../activity.node.ts';
import { appearance, claimsAsLines, subtitle } from '../documents.node.ts';
import { ServiceError } from '../errors.ts';
import { claimsFromForm } from '../form.ts';
import { basisOf, issuedRow, OfferData, signCredential } from '../issuer.node.ts';
import { party } from '../parties.node.ts';
import { issuerMark } from '../proofs/key-token.node.ts';
import { ISSUER_EXTENSION } from '../proofs/names.ts';
import { revocationOf, revokeForProofs, writeLists } from '../proofs/revocations.node.ts';
import { qrOf } from '../qr.ts';
import { revoke } from '../register.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';
import { publishLists, statusBase } from '../statuses.node.ts';
import { configurationId, credentialType, credentialTypes, typeName, typeView } from '../types.node.ts';

const DAY_MS = 86_400_000;
const LISTED = 500;
const UNLISTED = 'It cannot be withdrawn later: start the issuing service first, or say where status lists are published.';

export interface IssueSubject {
	readonly data: OfferData;
	readonly delivery: { kind: 'offer'; txCode: boolean; byReference: boolean; expiresInMinutes: number } | { kind: 'direct'; holderDid: string };
}

function offerView(session: Session, row: OfferRow, txCode: string | null = null): Offer {
	const stored = row.record as unknown as OfferRecord;
	const data = OfferData.parse(stored.data);
	return {
		id: row.id,
		typeName: typeName(session.vault, data.typeId),
		format: data.format,
		issuerDid: data.issuerDid,
		subtitle: data.subtitle,
		state: stored.state === 'open' && stored.expiresAt <= session.clock.now() ? 'expired' : stored.state,
		uri: row.uri,
		qr: qrOf(row.uri),
		txCode,
		createdAt: stored.createdAt,
		expiresAt: stored.expiresAt,
		redeemedAt: stored.redeemedAt,
	};
}

const issued = (session: Session): Issued[] =>
	session.vault.issued.list({ limit: LISTED }).map((row) => ({
		id: row.id,
		offerId: row.offerId,
		typeName: displayText(typeName(session.vault, row.typeId), 120),
		format: row.format,
		issuerDid: row.issuerDid,
		holder: row.holder,
		subtitle: row.subtitle,
		issuedAt: row.issuedAt,
		validUntil: row.validUntil,
		...(row.listId === null
			? revocationOf(session, row.offerId)
			: { revocation: row.state === 'revoked' ? ('revoked' as const) : ('possible' as const), revokedAt: row.state === 'revoked' ? row.changedAt : null }),
	}));

function storedOffer(session: Session, id: string): OfferRow {
	const row = session.vault.offers.get(id);
	if (!row) throw new ServiceError('issue/no-such-offer', 'This offer is not in the wallet.');
	return row;
}

export const issueHandlers: Handlers<
	| 'issue.types'
	| 'issue.prepare'
	| 'issue.approve'
	| 'issue.refuse'
	| 'issue.offers'
	| 'issue.offer'
	| 'issue.cancelOffer'
	| 'issue.issued'
	| 'issue.revoke'
	| 'issue.publishRevocations'
> = {
	'issue.types': (_input, session) => credentialTypes(session.vault).map(typeView),

	'issue.prepare': async (input, session) => {
		const type = credentialType(session.vault, input.typeId);
		if (!type.formats.includes(input.format)) throw new ServiceError('issue/unknown-format', 'This type of document is not issued in that format.');
		const claims = (claimsFromForm(type.schema, input.claims as JsonObject) ?? {}) as JsonObject;
		const problems = schemaProblems(type.schema, claims);
		if (problems.length > 0) {
			throw new ServiceError('issue/invalid-claims', 'Some fields need another look.', {
				problems: problems.map(({ path, message }) => ({ path: path.map(String), message })),
			});
		}
		// Fails now, not when the holder redeems it, if the DID is not ours or has no key that may sign.
		await session.agent.didSigner(input.issuerDid);
		if (input.delivery.kind === 'offer') session.servers.issuer();
		const now = session.clock.now();
		const data: OfferData = {
			typeId: type.id,
			format: input.format,
			issuerDid: input.issuerDid,
			claims: claims as OfferData['claims'],
			validDays: input.validDays,
			subtitle: subtitle(claims),
			batchId: null,
			basis: basisOf(input.basis),
		};
		const id = session.reviews.open('issue', { data, delivery: input.delivery });
		const entry = session.vault.dids.get(input.issuerDid);
		return {
			id,
			issuer: party(session.vault, { id: input.issuerDid, name: entry?.alias ?? null, identifiedBy: 'An identity of this wallet' }),
			typeName: type.name,
			appearance: appearance(type.name, type.display),
			format: input.format,
			lines: claimsAsLines(claims, type.display, input.format === 'dc+sd-jwt' ? type.disclosable : []),
			validFrom: now,
			validUntil: now + input.validDays * DAY_MS,
			warnings: [
				...(input.format === 'jwt_vc_json' ? ['In this format the holder cannot hide single claims: every verifier will see all of them.'] : []),
				...(statusBase(session) === null ? [UNLISTED] : []),
			],
		};
	},

	'issue.approve': async ({ id }, session) => {
		const { data, delivery } = session.reviews.take('issue', id);
		const type = credentialType(session.vault, data.typeId);
		if (delivery.kind === 'offer') {
			// Made once, before the metadata is asked for: it carries the key under which wallets ask for a blind signature.
			const { ownBbsToken } = await import('../proofs/bbs-route.node.ts');
			await ownBbsToken(session, data.issuerDid, await session.agent.didSigner(data.issuerDid));
			const created = await session.servers.issuer().createOffer({
				configurationIds: [configurationId(type, data.format)],
				data,
				ttlMs: delivery.expiresInMinutes * 60_000,
				extensions: { [ISSUER_EXTENSION]: issuerMark(data.issuerDid) },
				by: delivery.byReference ? 'reference' : 'value',
				...(delivery.txCode ? { txCode: { inputMode: 'numeric' as const, length: 6, description: 'Ask the issuer for the code.' } } : {}),
			});
			session.vault.transaction(() => {
				session.vault.offers.setUri(created.id, created.uri);
				record(session, { kind: 'offered', title: `${type.name} offered`, detail: data.subtitle });
			});
			session.changed('offers', created.id);
			return { offer: offerView(session, storedOffer(session, created.id), created.txCode), credential: null };
		}
		const { jwk, did } = await bindingKey(session.agent, delivery.holderDid);
		const credential = await signCredential(session, data, { jwk, ...(did === undefined ? {} : { did }) });
		session.vault.transaction(() => {
			session.vault.issued.insertMany([issuedRow(session, data, { offerId: null, credential, holder: jwkThumbprint(jwk), issuedAt: session.clock.now() })]);
			record(session, { kind: 'issued', title: `${type.name} issued`, detail: data.subtitle });
		});
		session.changed('register');
		session.changed('offers');
		return { offer: null, credential };
	},

	'issue.refuse': ({ id }, session) => {
		session.reviews.discard(id);
		return {};
	},

	'issue.offers': (_input, session) => session.vault.offers.list({ limit: LISTED }).map((row) => offerView(session, row)),

	'issue.offer': ({ id }, session) => offerView(session, storedOffer(session, id)),

	'issue.cancelOffer': async ({ id }, session) => {
		storedOffer(session, id);
		if (!(await session.servers.issuer().cancelOffer(id))) throw new ServiceError('issue/offer-over', 'This offer is already over.');
		session.changed('offers', id);
		return offerView(session, storedOffer(session, id));
	},

	'issue.issued': (_input, session) => issued(session),

	'issue.revoke': async ({ id }, session) => {
		session.vault.transaction(() => {
			const row = session.vault.issued.get(id);
			if (!row) throw new ServiceError('issue/no-such-document', 'This document is not among those that were issued.');
			const copies = session.vault.issued.page({ documentId: row.offerId ?? row.id }, { limit: LISTED });
			// Where nothing was left to end, this says why.
			if (copies.filter((copy) => revoke(session, copy)).length === 0) revokeForProofs(session, row);
			record(session, { kind: 'issued', title: `${displayText(typeName(session.vault, row.typeId), 120)} revoked`, detail: row.subtitle });
		});
		session.changed('offers');
		session.changed('register');
		await publishLists(session, { all: false });
		return issued(session);
	},

	'issue.publishRevocations': async (_input, session) => {
		const folder = await session.ports.chooseFolder('Choose the folder that is served at your issuing address');
		if (folder === null) return { path: null };
		const { path } = await writeLists(session, folder);
		record(session, { kind: 'issued', title: 'Lists of revoked documents written' });
		return { path };
	},
};
