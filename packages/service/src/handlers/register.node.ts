import type { CallOutput } from '@holdfast/contract';
import { displayText } from '@holdfast/kernel';
import { csvLine } from '@holdfast/tables';
import type { IssuedDocument, IssuedFilter, StatusListRow } from '@holdfast/vault';
import { record } from '../activity.node.ts';
import { ServiceError } from '../errors.ts';
import { writeChosen } from '../files.node.ts';
import { applyAction, canBeWithdrawn, type RegisterAction, type Selection, selected } from '../register.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';
import { folderPlace, publishLists, setFolderPlace, statusBase, statusToken } from '../statuses.node.ts';
import { typeName } from '../types.node.ts';

type Entry = CallOutput<'register.list'>['entries'][number];

export interface RegisterSubject {
	readonly action: RegisterAction;
	readonly selection: Selection;
	readonly copies: number;
}

const PART = 500;
const EXAMPLES = 5;
const DONE: Readonly<Record<RegisterAction, string>> = { revoke: 'revoked', suspend: 'suspended', reinstate: 'reinstated' };

function names(session: Session): (id: string) => string {
	const known = new Map<string, string>();
	return (id) => {
		const name = known.get(id) ?? displayText(typeName(session.vault, id), 120);
		known.set(id, name);
		return name;
	};
}

const entry = ({ row, documentId, copies, listed }: IssuedDocument, nameOf: (id: string) => string): Entry => ({
	id: documentId,
	offerId: row.offerId,
	batchId: row.batchId,
	typeId: row.typeId,
	typeName: nameOf(row.typeId),
	format: row.format,
	issuerDid: row.issuerDid,
	subtitle: row.subtitle,
	copies,
	issuedAt: row.issuedAt,
	validUntil: row.validUntil,
	state: row.state,
	changedAt: row.changedAt,
	basis: row.basis,
	canBeWithdrawn: listed > 0,
});

/** Members that were left out, left out. */
const filterOf = (given: object): IssuedFilter => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

const listView = (session: Session, list: StatusListRow): CallOutput<'status.lists'>[number] => ({
	id: list.id,
	issuerDid: list.issuerDid,
	uri: list.uri,
	size: list.size,
	used: list.used,
	withdrawn: session.vault.statusLists.entries(list.id).length,
	signedAt: list.signedAt,
	publishedAt: list.publishedAt,
	behind: list.uri.endsWith('.jwt') && list.publishedRevision !== list.revision,
});

const lists = (session: Session) => session.vault.statusLists.list().map((list) => listView(session, list));

function place(session: Session): CallOutput<'status.place'> {
	const folder = folderPlace(session);
	return folder ? { kind: 'folder', ...folder } : { kind: 'service', url: statusBase(session) };
}

function* csv(session: Session, filter: IssuedFilter): Generator<string, void> {
	const nameOf = names(session);
	const time = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());
	yield csvLine([
		'id',
		'document',
		'type',
		'for',
		'copies',
		'issued',
		'valid until',
		'state',
		'changed',
		'can be withdrawn',
		'ground or consent',
		'batch',
		'offer',
		'issuer',
	]);
	for (let offset = 0; ; offset += PART) {
		const documents = session.vault.issued.documents(filter, { limit: PART, offset });
		for (const each of documents) {
			const line = entry(each, nameOf);
			yield csvLine([
				line.id,
				line.typeName,
				line.typeId,
				line.subtitle,
				line.copies,
				time(line.issuedAt),
				time(line.validUntil),
				line.state,
				time(line.changedAt),
				line.canBeWithdrawn ? 'yes' : 'no',
				line.basis,
				line.batchId,
				line.offerId,
				line.issuerDid,
			]);
		}
		if (documents.length < PART) return;
	}
}

export const registerHandlers: Handlers<
	| 'register.list'
	| 'register.prepare'
	| 'register.approve'
	| 'register.discard'
	| 'register.export'
	| 'status.lists'
	| 'status.place'
	| 'status.setPlace'
	| 'status.publish'
	| 'status.token'
> = {
	'register.list': ({ filter, limit, offset }, session) => {
		const { issued } = session.vault;
		const nameOf = names(session);
		const found = issued.count(filterOf(filter));
		return {
			entries: issued.documents(filterOf(filter), { limit, offset: offset ?? 0 }).map((each) => entry(each, nameOf)),
			documents: found.documents,
			copies: found.rows,
		};
	},

	'register.prepare': ({ action, documents }, session) => {
		const selection: Selection = Array.isArray(documents) ? { ids: documents } : { filter: filterOf(documents) };
		const nameOf = names(session);
		const found = new Map<string, string>();
		let copies = 0;
		let unlisted = 0;
		let final = 0;
		let already = 0;
		for (const rows of selected(session, selection)) {
			for (const row of rows) {
				if (!canBeWithdrawn(row)) unlisted += 1;
				else if (row.state === 'revoked') final += 1;
				else if (action === 'reinstate' ? row.state !== 'suspended' : action === 'suspend' && row.state === 'suspended') already += 1;
				else {
					copies += 1;
					found.set(row.offerId ?? row.id, found.size < EXAMPLES ? `${nameOf(row.typeId)}${row.subtitle === '' ? '' : `: ${row.subtitle}`}` : '');
				}
			}
		}
		if (copies === 0) {
			if (unlisted > 0 && final + already === 0)
				throw new ServiceError('register/no-status', 'These documents were issued without a status, so they cannot be withdrawn. They end when they expire.');
			if (action === 'reinstate' && final > 0)
				throw new ServiceError('register/revoked-for-good', 'A document that was revoked stays revoked. Issue a new one.');
			throw new ServiceError('register/nothing-to-do', `Nothing that was chosen can be ${DONE[action]}.`);
		}
		const left = [
			...(unlisted > 0 ? [`${unlisted} ${unlisted === 1 ? 'copy has' : 'copies have'} no status and cannot be withdrawn.`] : []),
			...(final > 0 && action !== 'revoke' ? [`${final} ${final === 1 ? 'copy was' : 'copies were'} revoked before, which is final.`] : []),
		];
		return {
			id: session.reviews.open('register', { action, selection, copies }),
			action,
			documents: found.size,
			copies,
			examples: [...found.values()].filter((words) => words !== ''),
			warnings: [...(action === 'revoke' ? ['Revoking is final: whoever needs the document again needs a new one.'] : []), ...left],
		};
	},

	'register.approve': async ({ id }, session) => {
		const { action, selection, copies } = session.reviews.take('register', id);
		const done = await applyAction(session, action, selection, (rows) =>
			session.emit('exchange.progress', { id, step: action, done: Math.min(rows, copies), of: copies }),
		);
		record(session, { kind: 'issued', title: `${done.documents} ${done.documents === 1 ? 'document' : 'documents'} ${DONE[action]}` });
		session.changed('register');
		try {
			return { ...done, published: await publishLists(session, { all: false }), problem: null };
		} catch (error) {
			// What was decided stands; only the world does not know it yet.
			if (!(error instanceof ServiceError)) throw error;
			return { ...done, published: false, problem: error.message };
		}
	},

	'register.discard': ({ id }, session) => {
		session.reviews.discard(id);
		return {};
	},

	'register.export': async ({ filter }, session) => {
		const { documents } = session.vault.issued.count(filterOf(filter));
		const path = await writeChosen(session, 'register.csv', csv(session, filterOf(filter)));
		return { path, documents: path === null ? 0 : documents };
	},

	'status.lists': (_input, session) => lists(session),

	'status.place': (_input, session) => place(session),

	'status.setPlace': async (input, session) => {
		if (input.kind === 'service') setFolderPlace(session, null);
		else {
			const folder = await session.ports.chooseFolder('Choose the folder that is served at this address');
			if (folder !== null) setFolderPlace(session, { baseUrl: input.baseUrl, folder });
		}
		session.changed('register');
		return place(session);
	},

	'status.publish': async (_input, session) => {
		await publishLists(session, { all: true });
		session.changed('register');
		return lists(session);
	},

	'status.token': async ({ id }, session) => {
		const list = session.vault.statusLists.get(id);
		if (!list) throw new ServiceError('status/no-such-list', 'There is no such status list.');
		return { uri: list.uri, token: await statusToken(session, list) };
	},
};
