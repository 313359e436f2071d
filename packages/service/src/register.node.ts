import { STATUS } from '@holdfast/credentials';
import type { IssuedFilter, IssuedRow } from '@holdfast/vault';
import { revocationOf, revokeForProofs } from './proofs/revocations.node.ts';
import type { Session } from './session.node.ts';

export type RegisterAction = 'revoke' | 'suspend' | 'reinstate';

const STATE = { revoke: 'revoked', suspend: 'suspended', reinstate: 'valid' } as const;
const ENTRY = { revoke: STATUS.invalid, suspend: STATUS.suspended, reinstate: STATUS.valid } as const;

/** Whether a row has anything by which verifiers learn that it was withdrawn. */
export const canBeWithdrawn = (row: IssuedRow): boolean => row.listId !== null && row.idx !== null;

/**
 * Changes what verifiers learn about one issued credential: the register's row and its entry in the status list. This is the
 * one place where a withdrawal happens; what else has to end with the credential is ended here. Runs inside the caller's
 * transaction. False where nothing changed: it is in that state already, was revoked for good, or cannot be withdrawn.
 */
function change(session: Session, row: IssuedRow, action: RegisterAction): boolean {
	const { vault } = session;
	if (row.listId === null || row.idx === null) return false;
	if (action === 'reinstate' && row.state !== 'suspended') return false;
	if (!vault.issued.setState(row.id, STATE[action], session.clock.now())) return false;
	vault.statusLists.setStatus(row.listId, row.idx, ENTRY[action]);
	return true;
}

/** Ends a credential for good: in its status list, and for proofs about its document, which all copies of it share. */
export function revoke(session: Session, row: IssuedRow): boolean {
	const listed = change(session, row, 'revoke');
	if (revocationOf(session, row.offerId).revocation !== 'possible') return listed;
	revokeForProofs(session, row);
	return true;
}

const ACTIONS: Readonly<Record<RegisterAction, (session: Session, row: IssuedRow) => boolean>> = {
	revoke,
	suspend: (session, row) => change(session, row, 'suspend'),
	reinstate: (session, row) => change(session, row, 'reinstate'),
};

/** Which documents: by their ids, or all that fit. */
export type Selection = { readonly ids: readonly string[] } | { readonly filter: IssuedFilter };

const PART = 1000;

/** The rows of a selection, in parts. */
export function* selected(session: Session, selection: Selection): Generator<IssuedRow[], void> {
	const { issued } = session.vault;
	if ('ids' in selection) {
		for (const documentId of selection.ids) yield issued.page({ documentId }, { limit: PART });
		return;
	}
	let after = '';
	for (;;) {
		const rows = issued.page(selection.filter, { limit: PART, after });
		if (rows.length === 0) return;
		after = rows.at(-1)?.id ?? '';
		yield rows;
	}
}

/** Does `action` to a selection, a transaction for each part. Doing it again changes nothing more, so that it can be repeated after a crash. */
export async function applyAction(
	session: Session,
	action: RegisterAction,
	selection: Selection,
	onProgress: (rows: number) => void,
): Promise<{ readonly copies: number; readonly documents: number }> {
	const documents = new Set<string>();
	let copies = 0;
	let seen = 0;
	for (const rows of selected(session, selection)) {
		session.vault.transaction(() => {
			for (const row of rows) {
				if (!ACTIONS[action](session, row)) continue;
				copies += 1;
				documents.add(row.offerId ?? row.id);
			}
		});
		seen += rows.length;
		onProgress(seen);
		// Other calls have their turn between the parts.
		await new Promise((resolve) => setImmediate(resolve));
	}
	return { copies, documents: documents.size };
}
