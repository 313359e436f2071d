import type { Json, JsonObject, ReportNode } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { conflict } from '../errors.ts';
import { json, Table, zJsonObject, zReport, zText, zTime } from '../table.node.ts';

export type VerificationState = 'open' | 'received' | 'done' | 'expired' | 'cancelled';

/** A request for a presentation by this wallet as verifier (OpenID4VP §5), and what came back. */
export interface VerificationRow {
	readonly id: string;
	readonly state: VerificationState;
	readonly title: string;
	readonly dcql: JsonObject;
	readonly nonce: string;
	/** The `state` parameter of the request. */
	readonly stateParam: string | null;
	readonly clientId: string;
	/** The key for the encrypted response. */
	readonly ephemeralKid: string | null;
	readonly requestJwt: string | null;
	readonly responseMode: string;
	readonly receivedAt: number | null;
	readonly report: ReportNode | null;
	/** What was disclosed and checked. */
	readonly disclosed: Json | null;
	readonly rawResponse: string | null;
	readonly expiresAt: number;
	readonly createdAt: number;
}

const schema: z.ZodType<VerificationRow> = z.object({
	id: zText,
	state: z.enum(['open', 'received', 'done', 'expired', 'cancelled']),
	title: zText,
	dcql: json(zJsonObject),
	nonce: zText,
	stateParam: zText.nullable(),
	clientId: zText,
	ephemeralKid: zText.nullable(),
	requestJwt: zText.nullable(),
	responseMode: zText,
	receivedAt: zTime.nullable(),
	report: json(zReport).nullable(),
	disclosed: json(z.custom<Json>((value) => value !== undefined)).nullable(),
	rawResponse: zText.nullable(),
	expiresAt: zTime,
	createdAt: zTime,
});

export class VerificationRepository {
	readonly #db: Db;
	readonly #table: Table<VerificationRow>;

	constructor(db: Db) {
		this.#db = db;
		this.#table = new Table(db, {
			name: 'verifications',
			columns: [
				'id',
				'state',
				'title',
				'dcql',
				'nonce',
				'stateParam',
				'clientId',
				'ephemeralKid',
				'requestJwt',
				'responseMode',
				'receivedAt',
				'report',
				'disclosed',
				'rawResponse',
				'expiresAt',
				'createdAt',
			],
			json: ['dcql', 'report', 'disclosed'],
			schema,
		});
	}

	/** Throws `vault/conflict` where the nonce or the state parameter was used before. */
	insert(row: VerificationRow): void {
		this.#table.insert(row);
	}

	get(id: string): VerificationRow | undefined {
		return this.#table.get('id=@id', { id });
	}

	byStateParam(stateParam: string): VerificationRow | undefined {
		return this.#table.get('stateParam=@stateParam', { stateParam });
	}

	byNonce(nonce: string): VerificationRow | undefined {
		return this.#table.get('nonce=@nonce', { nonce });
	}

	/** Newest first. */
	list(filter: { readonly state?: VerificationState; readonly limit?: number } = {}): VerificationRow[] {
		return this.#table.all('WHERE (@state IS NULL OR state=@state) ORDER BY createdAt DESC, rowid DESC LIMIT @limit', {
			state: filter.state ?? null,
			limit: filter.limit ?? -1,
		});
	}

	/** From state `from` to `to`, atomically. Throws `vault/conflict` where it is not in `from`. */
	advance(
		id: string,
		from: VerificationState,
		to: VerificationState,
		patch: Partial<Pick<VerificationRow, 'receivedAt' | 'report' | 'disclosed' | 'rawResponse' | 'requestJwt'>> = {},
	): void {
		if (this.#table.update({ ...patch, state: to }, 'id=@id AND state=@from', { id, from }) === 0) throw conflict();
	}

	/** True once for the nonce of an open, unexpired request: a second presentation with it is a replay. */
	consumeNonce(nonce: string, now: number): boolean {
		return (
			this.#db.run("UPDATE verifications SET nonceUsedAt=@now WHERE nonce=@nonce AND nonceUsedAt IS NULL AND state='open' AND expiresAt>@now", { nonce, now }) >
			0
		);
	}

	/** Marks open requests whose time is over; returns how many. */
	expire(now: number): number {
		return this.#table.update({ state: 'expired' }, "state='open' AND expiresAt<=@now", { now });
	}

	delete(id: string): boolean {
		return this.#table.delete('id=@id', { id }) > 0;
	}
}
