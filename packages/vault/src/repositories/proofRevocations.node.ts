import type { Random } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { VaultError } from '../errors.ts';
import { Table, zText, zTime } from '../table.node.ts';

/** A place in an issuer's revocation tree, given to one issued document once and for all. */
export interface ProofRevocationRow {
	readonly issuerDid: string;
	/** 1 to 2^20 - 1. */
	readonly place: number;
	/** What it was given for. */
	readonly offerId: string;
	/** Empty where all copies of the document have this place, else the thumbprint of the copy's key. */
	readonly copy: string;
	readonly typeId: string;
	/** The line that tells the issuer whom the document was for. */
	readonly subtitle: string;
	readonly createdAt: number;
	/** No proof is possible after it. */
	readonly validUntil: number;
	/** Null while it is not revoked. */
	readonly revokedAt: number | null;
}

const PLACES = 2 ** 20;
/** Random places are found at once while at most half of them are taken. */
const MAX_TAKEN = PLACES / 2;

const schema: z.ZodType<ProofRevocationRow> = z.object({
	issuerDid: zText,
	place: z
		.int()
		.min(1)
		.max(PLACES - 1),
	offerId: zText,
	copy: zText,
	typeId: zText,
	subtitle: zText,
	createdAt: zTime,
	validUntil: zTime,
	revokedAt: zTime.nullable(),
});

export class ProofRevocationRepository {
	readonly #db: Db;
	readonly #random: Random;
	readonly #table: Table<ProofRevocationRow>;

	constructor(db: Db, random: Random) {
		this.#db = db;
		this.#random = random;
		this.#table = new Table(db, {
			name: 'proof_revocations',
			columns: ['issuerDid', 'place', 'offerId', 'copy', 'typeId', 'subtitle', 'createdAt', 'validUntil', 'revokedAt'],
			schema,
		});
	}

	/**
	 * The place of a document: a free one by chance at the first call, so that a list of revoked places tells neither how
	 * many documents there are nor in which order they were issued, and the same one at every later call. It is on the disk
	 * when this returns. Throws `vault/conflict` where half of the issuer's places are taken.
	 */
	placeFor(document: Omit<ProofRevocationRow, 'place' | 'revokedAt'>): number {
		const { offerId, copy, issuerDid, validUntil } = document;
		return this.#db.transaction(() => {
			const known = this.#table.get('offerId=@offerId AND copy=@copy', { offerId, copy });
			if (known) {
				if (validUntil > known.validUntil) this.#table.update({ validUntil }, 'offerId=@offerId AND copy=@copy', { offerId, copy });
				return known.place;
			}
			const taken = z.int().parse(this.#db.get('SELECT count(*) AS n FROM proof_revocations WHERE issuerDid=@issuerDid', { issuerDid })?.n);
			if (taken >= MAX_TAKEN) throw new VaultError('vault/conflict', 'This identity has issued as many documents as it can revoke. Issue with a new identity.');
			let place = 0;
			while (place === 0 || this.#table.get('issuerDid=@issuerDid AND place=@place', { issuerDid, place })) {
				const [a = 0, b = 0, c = 0] = this.#random.bytes(3);
				place = ((a << 16) | (b << 8) | c) % PLACES;
			}
			this.#table.insert({ ...document, place, revokedAt: null });
			return place;
		});
	}

	/** The places that were given for an offer. */
	ofOffer(offerId: string): ProofRevocationRow[] {
		return this.#table.all('WHERE offerId=@offerId ORDER BY place', { offerId });
	}

	/** Revokes what was given for an offer, for good. Returns how many places were revoked now. */
	revoke(offerId: string, revokedAt: number): number {
		return this.#table.update({ revokedAt }, 'offerId=@offerId AND revokedAt IS NULL', { offerId });
	}

	/** Revoked places of documents that are valid after `validAfter`, ascending, and when the last one of all was revoked. */
	revoked(issuerDid: string, validAfter: number): { readonly places: number[]; readonly lastAt: number | null } {
		const rows = this.#table.all('WHERE issuerDid=@issuerDid AND revokedAt IS NOT NULL ORDER BY place', { issuerDid });
		return {
			places: rows.filter((row) => row.validUntil > validAfter).map((row) => row.place),
			lastAt: rows.reduce<number | null>((last, { revokedAt }) => Math.max(last ?? 0, revokedAt ?? 0), null),
		};
	}
}
