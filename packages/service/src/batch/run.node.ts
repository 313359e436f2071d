import { bindingKey } from '@holdfast/agent';
import type { CredentialType } from '@holdfast/credentials';
import { jwkThumbprint, type Signer } from '@holdfast/crypto';
import { errorInfo, HoldfastError, type JsonObject } from '@holdfast/kernel';
import type { BatchItem, BatchRow } from '@holdfast/vault';
import { record } from '../activity.node.ts';
import { ServiceError } from '../errors.ts';
import { issuedRow, type OfferData, offerRow, signCredential } from '../issuer.node.ts';
import { issuerMark } from '../proofs/key-token.node.ts';
import { ISSUER_EXTENSION } from '../proofs/names.ts';
import type { Session } from '../session.node.ts';
import { drawStatus } from '../statuses.node.ts';
import { configurationId, credentialType } from '../types.node.ts';

/** Rows of one transaction: what a crash can undo, and what a pause waits for. */
const PART = 250;

/** What is being issued in this process. */
export class BatchRuns {
	readonly #running = new Map<string, AbortController>();
	readonly #problems = new Map<string, string>();

	isRunning(id: string): boolean {
		return this.#running.has(id);
	}

	/** Why the last run of a batch ended early. */
	problem(id: string): string | undefined {
		return this.#problems.get(id);
	}

	start(session: Session, id: string): void {
		if (this.#running.has(id)) return;
		const controller = new AbortController();
		this.#running.set(id, controller);
		this.#problems.delete(id);
		void run(session, id, controller.signal)
			.catch((error: unknown) => {
				if (controller.signal.aborted) return;
				this.#problems.set(id, errorInfo(error).message);
				session.vault.batches.move(id, ['running'], 'paused', session.clock.now());
			})
			.catch(() => undefined)
			.finally(() => {
				this.#running.delete(id);
				if (session.closed()) return;
				// Somebody went on before the part that was under way had ended.
				if (controller.signal.aborted && session.vault.batches.get(id)?.state === 'running') this.start(session, id);
				session.changed('batches', id);
			});
	}

	/** The part that is under way is finished or undone as a whole. */
	stop(id: string): void {
		this.#running.get(id)?.abort();
	}

	stopAll(): void {
		for (const controller of this.#running.values()) controller.abort();
	}
}

/** Writes what came of one row. Runs inside the transaction of its part. */
type Write = () => void;

async function run(session: Session, id: string, signal: AbortSignal): Promise<void> {
	const { vault } = session;
	const batch = vault.batches.get(id);
	if (!batch) return;
	const type = credentialType(vault, batch.typeId);
	const held = await session.agent.heldDidSigner(batch.issuerDid);
	try {
		const prepare = batch.delivery === 'offers' ? await offerMaker(session, batch, type, held.signer) : signedMaker(session, batch, type, held.signer);
		await issueAll(session, batch, type, prepare, signal);
	} finally {
		held.release();
	}
}

async function issueAll(
	session: Session,
	batch: BatchRow,
	type: CredentialType,
	prepare: (items: readonly BatchItem[]) => Promise<Write[]>,
	signal: AbortSignal,
): Promise<void> {
	const { vault } = session;
	const { id } = batch;
	const counts = vault.batches.counts(id);
	const of = counts.waiting + counts.done;
	let { done } = counts;
	for (;;) {
		if (signal.aborted || vault.batches.get(id)?.state !== 'running') return;
		const items = vault.batches.items(id, { state: 'waiting', limit: PART });
		if (items.length === 0) break;
		const writes = await prepare(items);
		if (signal.aborted) return;
		try {
			vault.transaction(() => {
				for (const write of writes) write();
			});
		} catch (error) {
			// Another process of this profile was faster with a row: all of this part is undone, and looked at again.
			if (error instanceof HoldfastError && error.code === 'batch/done-elsewhere') continue;
			throw error;
		}
		done += items.length;
		session.emit('exchange.progress', { id, step: 'issuing', done, of });
		await new Promise((resolve) => setImmediate(resolve));
	}
	vault.transaction(() => {
		if (!vault.batches.move(id, ['running'], 'done', session.clock.now())) return;
		record(session, { kind: batch.delivery === 'offers' ? 'offered' : 'issued', title: `${done} × ${type.name} from ${batch.name}` });
	});
	session.changed(batch.delivery === 'offers' ? 'offers' : 'register');
}

const dataOf = (batch: BatchRow, item: BatchItem): OfferData => ({
	typeId: batch.typeId,
	format: batch.format,
	issuerDid: batch.issuerDid,
	claims: (item.claims ?? {}) as OfferData['claims'],
	validDays: batch.validDays,
	subtitle: item.label,
	batchId: batch.id,
	basis: batch.basis,
});

function finish(session: Session, item: BatchItem, result: { offerId?: string; issuedId?: string; credential?: string }): void {
	if (!session.vault.batches.finish(item.batchId, item.position, result))
		throw new ServiceError('batch/done-elsewhere', 'Another Holdfast process has issued this row.');
}

/** An offer for each row, by reference: the link is short enough for a code on paper. */
async function offerMaker(session: Session, batch: BatchRow, type: CredentialType, signer: Signer): Promise<(items: readonly BatchItem[]) => Promise<Write[]>> {
	const issuer = session.servers.issuer();
	// Made once, before the metadata is asked for: it carries the key under which wallets ask for a blind signature.
	const { ownBbsToken } = await import('../proofs/bbs-route.node.ts');
	await ownBbsToken(session, batch.issuerDid, signer);
	const draft = issuer.drafter({
		configurationIds: [configurationId(type, batch.format)],
		ttlMs: batch.offerMinutes * 60_000,
		extensions: { [ISSUER_EXTENSION]: issuerMark(batch.issuerDid) },
		by: 'reference',
	});
	return async (items) =>
		items.map((item) => {
			const { record: offer, uri } = draft(dataOf(batch, item) as unknown as JsonObject);
			return () => {
				session.vault.offers.insert(offerRow(offer, uri));
				finish(session, item, { offerId: offer.id });
			};
		});
}

/** A credential for each row, signed for the key that it brings, and kept until it is handed over. */
function signedMaker(session: Session, batch: BatchRow, type: CredentialType, signer: Signer): (items: readonly BatchItem[]) => Promise<Write[]> {
	return async (items) => {
		const statuses = session.vault.transaction(() => items.map(() => drawStatus(session, batch.issuerDid)));
		return Promise.all(
			items.map(async (item, index): Promise<Write> => {
				const { jwk, did } = await bindingKey(session.agent, item.holder ?? '');
				const data = dataOf(batch, item);
				const status = statuses[index];
				const credential = await signCredential(session, data, { jwk, ...(did === undefined ? {} : { did }) }, { type, signer, status: status ?? null });
				return () => {
					const row = issuedRow(session, data, { offerId: null, credential, holder: jwkThumbprint(jwk), issuedAt: session.clock.now() }, status ?? null);
					session.vault.issued.insertMany([row]);
					finish(session, item, { issuedId: row.id, credential });
				};
			}),
		);
	};
}
