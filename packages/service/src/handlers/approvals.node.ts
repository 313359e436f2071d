import { displayText } from '@holdfast/kernel';
import { record } from '../activity.node.ts';
import { type ApprovalRequest, approvalRule, readRequest, setApprovalRule, takeApproval, writeApproval, writeRequest } from '../batch/approvals.node.ts';
import { ServiceError } from '../errors.ts';
import { writeChosen } from '../files.node.ts';
import { party } from '../parties.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';

/** A request of somebody else that waits for its answer. */
export interface ApprovalSubject {
	readonly request: ApprovalRequest;
}

function draft(session: Session, id: string) {
	const batch = session.vault.batches.get(id);
	if (!batch) throw new ServiceError('batch/not-found', 'There is no such batch.');
	if (batch.state !== 'draft') throw new ServiceError('batch/wrong-state', 'That cannot be done with this batch any more.', { state: batch.state });
	return batch;
}

export const approvalHandlers: Handlers<
	'approvals.rule' | 'approvals.setRule' | 'approvals.request' | 'approvals.open' | 'approvals.sign' | 'approvals.discard' | 'approvals.take'
> = {
	'approvals.rule': (_input, session) => ({ rule: approvalRule(session) }),

	'approvals.setRule': ({ rule }, session) => {
		setApprovalRule(session, rule);
		const title = rule
			? `Tables of ${rule.from} rows or more need ${rule.needed} of ${rule.approvers.length} approvals`
			: 'Tables no longer need anybody’s approval';
		record(session, { kind: 'security', title });
		session.changed('batches');
		return { rule: approvalRule(session) };
	},

	'approvals.request': async ({ id }, session) => {
		const batch = draft(session, id);
		return { path: await writeChosen(session, `approve-${id.slice(0, 8)}.jwt`, [await writeRequest(session, batch)]) };
	},

	'approvals.open': async ({ text }, session) => {
		const request = await readRequest(session, text);
		const { name, type, documents, delivery, validDays, examples, digest } = request.batch;
		const issuer = party(session.vault, { id: request.iss, identifiedBy: 'Signed this request, and would sign the documents' });
		return {
			id: session.reviews.open('approval', { request }),
			issuer,
			name: displayText(name, 120) || 'Table without a name',
			type: displayText(type, 120),
			documents,
			delivery,
			validDays,
			examples: examples.map((each) => displayText(each, 120)),
			digest,
			signedAt: request.iat * 1000,
			warnings: [
				...(issuer.standing === 'unknown' ? ['You do not know who signed this. Ask them in another way whether it is theirs.'] : []),
				'You approve the rows behind the digest, of which this file shows the first only. Look at the table itself with whoever asks.',
			],
		};
	},

	'approvals.sign': async ({ id, did }, session) => {
		const { request } = session.reviews.get('approval', id);
		const text = await writeApproval(session, request, did);
		const path = await writeChosen(session, `approved-${request.batch.id.slice(0, 8)}.jwt`, [text]);
		if (path === null) return { path };
		session.reviews.discard(id);
		record(session, {
			kind: 'security',
			title: `Approved ${request.batch.documents} × ${displayText(request.batch.type, 120)}`,
			detail: displayText(request.batch.name, 120),
		});
		return { path };
	},

	'approvals.discard': ({ id }, session) => {
		session.reviews.discard(id);
		return {};
	},

	'approvals.take': async ({ id, text }, session) => {
		const batch = draft(session, id);
		const by = await takeApproval(session, batch, text);
		record(session, { kind: 'security', title: `${by} approved ${batch.name}` });
		session.changed('batches', id);
		return { by };
	},
};
