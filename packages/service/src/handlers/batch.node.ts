import type { CallOutput } from '@holdfast/contract';
import { displayText } from '@holdfast/kernel';
import { csvLine } from '@holdfast/tables';
import type { BatchItem, BatchRow, BatchRowState } from '@holdfast/vault';
import { approvalOf, assertApproved, forgetApprovals } from '../batch/approvals.node.ts';
import type { CellProblem, ColumnUse } from '../batch/cells.ts';
import { checkerFor, itemFor, keptColumns, readBatch } from '../batch/check.node.ts';
import { lookAgain, openImport } from '../batch/imports.node.ts';
import { type Slip, sheetOf } from '../batch/sheet.node.ts';
import { appearance, claimsAsLines } from '../documents.node.ts';
import { ServiceError } from '../errors.ts';
import { writeChosen } from '../files.node.ts';
import { formFields } from '../form.ts';
import { party } from '../parties.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';
import { statusBase } from '../statuses.node.ts';
import { credentialType, credentialTypes } from '../types.node.ts';

type View = CallOutput<'batch.get'>;
type ItemView = CallOutput<'batch.mend'>;

const PART = 500;
/** A reading that has not gone on for so long was cut off; nothing of it was issued. */
const STALE_MS = 5 * 60_000;

function stored(session: Session, id: string): BatchRow {
	const batch = session.vault.batches.get(id);
	if (!batch) throw new ServiceError('batch/not-found', 'There is no such batch.');
	return batch;
}

const USES: Readonly<Record<Exclude<ColumnUse['kind'], 'claim'>, string>> = { holder: 'Holder’s DID', contact: 'Contact', nothing: 'Not used' };

function view(session: Session, batch: BatchRow): View {
	const { vault } = session;
	const type = credentialTypes(vault).find((each) => each.id === batch.typeId);
	const fields = type ? formFields(type.schema, type.display, type.disclosable) : [];
	const useOf = (use: ColumnUse): string =>
		use.kind === 'claim' ? (fields.find((field) => field.path.join('.') === use.path.join('.'))?.label ?? use.path.join('.')) : USES[use.kind];
	const columns = keptColumns(batch);
	const { wrong, waiting, done, 'left-out': leftOut } = vault.batches.counts(batch.id);
	const problem = session.batches.problem(batch.id);
	const open = batch.state === 'draft' || batch.state === 'running' || batch.state === 'paused';
	return {
		id: batch.id,
		name: batch.name,
		state: batch.state,
		interrupted: batch.state === 'running' && !session.batches.isRunning(batch.id),
		typeId: batch.typeId,
		typeName: displayText(type?.name ?? batch.typeId, 120),
		format: batch.format,
		issuer: party(vault, { id: batch.issuerDid, identifiedBy: 'An identity of this wallet' }),
		validDays: batch.validDays,
		delivery: batch.delivery,
		expiresInMinutes: batch.offerMinutes,
		columns: columns.map(({ name, use }) => ({ name, use: useOf(use) })),
		counts: { wrong, waiting, done, leftOut },
		approval: approvalOf(session, batch, waiting),
		basis: batch.basis,
		warnings: [
			...(problem === undefined ? [] : [`It stopped: ${problem}`]),
			...columns.flatMap(({ name, warnings }) => (warnings ?? []).map((words) => `“${name}”: ${words}`)),
			...(open && statusBase(session) === null
				? ['These documents cannot be withdrawn later: start the issuing service first, or say where status lists are published.']
				: []),
		],
		createdAt: batch.createdAt,
		changedAt: batch.changedAt,
	};
}

const itemView = (item: BatchItem): ItemView => ({
	position: item.position,
	state: item.state,
	label: item.label,
	cells: item.cells === null ? null : [...item.cells],
	problems: ((item.problems ?? []) as unknown as CellProblem[]).map((each) => ({ ...each })),
	offerId: item.offerId,
});

function mustBe(batch: BatchRow, ...states: BatchRow['state'][]): void {
	if (!states.includes(batch.state)) throw new ServiceError('batch/wrong-state', 'That cannot be done with this batch any more.', { state: batch.state });
}

function* items(session: Session, id: string, state: BatchRowState): Generator<BatchItem, void> {
	let after = -1;
	for (;;) {
		const part = session.vault.batches.items(id, { state, after, limit: PART });
		yield* part;
		if (part.length < PART) return;
		after = part.at(-1)?.position ?? after;
	}
}

/** Offers that can still be collected, with their rows. */
function* openOffers(session: Session, id: string, onRow: () => void): Generator<{ item: BatchItem; link: string; until: number }, void> {
	for (const item of items(session, id, 'done')) {
		const offer = item.offerId === null ? undefined : session.vault.offers.get(item.offerId);
		if (offer?.state === 'open' && offer.expiresAt > session.clock.now()) yield { item, link: offer.uri, until: offer.expiresAt };
		onRow();
	}
}

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

interface Content {
	readonly name: string;
	readonly content: Iterable<string> | AsyncIterable<Uint8Array>;
}

function contentOf(session: Session, batch: BatchRow, what: 'links' | 'sheet' | 'credentials' | 'problems', onRow: () => void): Content {
	const base = batch.name.replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N} _-]/gu, '_') || 'table';
	if (what === 'sheet') {
		const type = credentialType(session.vault, batch.typeId);
		const first = openOffers(session, batch.id, () => undefined).next().value;
		const until = first ? ` Valid until ${day.format(first.until)}.` : '';
		const issuer = party(session.vault, { id: batch.issuerDid, identifiedBy: '' }).name;
		const slips = function* (): Generator<Slip, void> {
			for (const { item, link } of openOffers(session, batch.id, onRow)) yield { number: item.position, label: item.label, link };
		};
		return {
			name: `${base}-codes.pdf`,
			content: sheetOf(slips(), {
				title: `${type.name} from ${issuer}`,
				hint: `Scan this code with your wallet to receive your document. It works once.${until}`,
			}),
		};
	}
	const lines = function* (): Generator<string, void> {
		if (what === 'links') {
			yield csvLine(['line', 'for', 'contact', 'link', 'open until (UTC)']);
			for (const { item, link, until } of openOffers(session, batch.id, onRow)) yield csvLine([item.position, item.label, item.contact, link, iso(until)]);
		} else if (what === 'credentials') {
			yield csvLine(['line', 'for', 'contact', 'holder', 'credential']);
			for (const item of items(session, batch.id, 'done')) {
				if (item.credential !== null) yield csvLine([item.position, item.label, item.contact, item.holder, item.credential]);
				onRow();
			}
		} else {
			yield csvLine(['line', 'column', 'what is wrong', 'how to mend it']);
			for (const state of ['wrong', 'left-out'] as const) {
				for (const item of items(session, batch.id, state)) {
					for (const each of itemView(item).problems) yield csvLine([item.position, each.columnName, each.message, each.mend]);
					onRow();
				}
			}
		}
	};
	return { name: `${base}-${what}.csv`, content: lines() };
}

export const batchHandlers: Handlers<
	| 'import.open'
	| 'import.look'
	| 'batch.check'
	| 'batch.list'
	| 'batch.get'
	| 'batch.rows'
	| 'batch.preview'
	| 'batch.mend'
	| 'batch.approve'
	| 'batch.pause'
	| 'batch.resume'
	| 'batch.cancel'
	| 'batch.delete'
	| 'batch.export'
> = {
	'import.open': ({ typeId }, session) => openImport(session, typeId),

	'import.look': (input, session) => lookAgain(session, input),

	'batch.check': async (input, session) => {
		const { importId } = input;
		if (session.running.has(importId)) throw new ServiceError('import/busy', 'This file is being read already.');
		const controller = new AbortController();
		session.running.set(importId, controller);
		try {
			const batch = await readBatch(session, input, controller.signal, (done) =>
				session.emit('exchange.progress', { id: importId, step: 'reading', done, of: 0 }),
			);
			session.changed('batches', batch.id);
			return view(session, batch);
		} finally {
			session.running.delete(importId);
		}
	},

	'batch.list': (_input, session) => {
		const { batches } = session.vault;
		for (const batch of batches.list()) if (batch.state === 'reading' && session.clock.now() - batch.changedAt > STALE_MS) batches.delete(batch.id);
		return batches
			.list()
			.filter((batch) => batch.state !== 'reading')
			.map((batch) => view(session, batch));
	},

	'batch.get': ({ id }, session) => view(session, stored(session, id)),

	'batch.rows': ({ id, state, after, limit }, session) => {
		stored(session, id);
		return session.vault.batches.items(id, { limit, after: after ?? -1, ...(state === undefined ? {} : { state }) }).map(itemView);
	},

	'batch.preview': ({ id, position }, session) => {
		const batch = stored(session, id);
		const type = credentialType(session.vault, batch.typeId);
		const item = session.vault.batches.item(id, position);
		if (!item?.claims) throw new ServiceError('batch/no-preview', 'This row is not a document to look at: it is wrong, or was issued.');
		return {
			appearance: appearance(type.name, type.display),
			lines: claimsAsLines(item.claims, type.display, batch.format === 'dc+sd-jwt' ? type.disclosable : []),
		};
	},

	'batch.mend': ({ id, position, cells }, session) => {
		const batch = stored(session, id);
		mustBe(batch, 'draft');
		const checker = checkerFor(credentialType(session.vault, batch.typeId), batch, keptColumns(batch));
		const mended = session.vault.transaction(() => {
			const item = itemFor(session, batch, checker, { cells: cells.map((text) => ({ text, kind: 'text' })) }, position, false);
			if (!session.vault.batches.mend(item)) throw new ServiceError('batch/no-such-row', 'There is no such row to mend.');
			forgetApprovals(session, id);
			return item;
		});
		session.changed('batches', id);
		return itemView(mended);
	},

	'batch.approve': ({ id, leaveOutWrong }, session) => {
		const { batches } = session.vault;
		const batch = stored(session, id);
		mustBe(batch, 'draft');
		if (batch.delivery === 'offers') session.servers.issuer();
		const counts = batches.counts(id);
		if (counts.wrong > 0 && !leaveOutWrong)
			throw new ServiceError('batch/wrong-rows', `${counts.wrong} ${counts.wrong === 1 ? 'row is' : 'rows are'} wrong. Mend them, or leave them out.`, {
				wrong: counts.wrong,
			});
		if (counts.waiting === 0) throw new ServiceError('batch/nothing-to-issue', 'No row can be issued. Mend some first.');
		assertApproved(session, batch, counts.waiting);
		session.vault.transaction(() => {
			batches.leaveOutWrong(id);
			batches.move(id, ['draft'], 'running', session.clock.now());
		});
		session.batches.start(session, id);
		session.changed('batches', id);
		return view(session, stored(session, id));
	},

	'batch.pause': ({ id }, session) => {
		stored(session, id);
		if (!session.vault.batches.move(id, ['running'], 'paused', session.clock.now())) mustBe(stored(session, id), 'paused');
		session.batches.stop(id);
		session.changed('batches', id);
		return view(session, stored(session, id));
	},

	'batch.resume': ({ id }, session) => {
		const batch = stored(session, id);
		mustBe(batch, 'paused', 'running');
		if (batch.delivery === 'offers') session.servers.issuer();
		session.vault.batches.move(id, ['paused', 'running'], 'running', session.clock.now());
		session.batches.start(session, id);
		session.changed('batches', id);
		return view(session, stored(session, id));
	},

	'batch.cancel': ({ id }, session) => {
		const batch = stored(session, id);
		mustBe(batch, 'draft', 'running', 'paused');
		session.vault.batches.move(id, ['draft', 'running', 'paused'], 'cancelled', session.clock.now());
		session.batches.stop(id);
		session.changed('batches', id);
		return view(session, stored(session, id));
	},

	'batch.delete': ({ id }, session) => {
		const batch = stored(session, id);
		mustBe(batch, 'draft', 'done', 'cancelled');
		session.vault.batches.delete(id);
		session.changed('batches', id);
		return {};
	},

	'batch.export': async ({ id, what }, session) => {
		const batch = stored(session, id);
		if (what === 'links' || what === 'sheet') {
			if (batch.delivery !== 'offers') throw new ServiceError('batch/no-offers', 'This batch was signed, not offered: there are no links.');
		} else if (what === 'credentials' && batch.delivery !== 'signed') {
			throw new ServiceError('batch/not-signed', 'This batch is made of offers: holders collect their documents themselves.');
		}
		const counts = session.vault.batches.counts(id);
		const of = what === 'problems' ? counts.wrong + counts['left-out'] : counts.done;
		if (of === 0) throw new ServiceError('batch/nothing-to-export', 'There is nothing to write yet.');
		const controller = new AbortController();
		const free = !session.running.has(id);
		if (free) session.running.set(id, controller);
		let rows = 0;
		try {
			const { name, content } = contentOf(session, batch, what, () => {
				rows += 1;
				if (rows % PART === 0) session.emit('exchange.progress', { id, step: 'writing', done: rows, of });
			});
			const path = await writeChosen(session, name, content, controller.signal);
			return { path, rows: path === null ? 0 : rows };
		} finally {
			if (free) session.running.delete(id);
		}
	},
};
