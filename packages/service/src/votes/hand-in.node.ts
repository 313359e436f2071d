import { errorInfo, type JsonObject } from '@holdfast/kernel';
import type { VoteReceipt } from '@holdfast/web3';
import { record } from '../activity.node.ts';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';

interface Leaving {
	/** Of the row in which the vote is kept already, as `sending`. */
	readonly id: string;
	readonly dao: string;
	readonly sentence: string;
	readonly receipt: VoteReceipt;
}

/**
 * Hands a vote in and keeps the answer. Only a refusal says that it was not taken. Anything else leaves it open, until somebody looks.
 * @throws VoteError vote/refused; ServiceError votes/no-answer
 */
export async function handIn(
	session: Session,
	{ id, dao, sentence, receipt }: Leaving,
	submit: () => Promise<NonNullable<VoteReceipt['answer']>>,
): Promise<void> {
	try {
		const answer = await submit();
		session.vault.votes.update(id, { state: 'sent', receipt: { ...receipt, answer } as unknown as JsonObject });
	} catch (error) {
		const { code, message } = errorInfo(error);
		if (code !== 'vote/refused')
			throw new ServiceError(
				'votes/no-answer',
				`${message} The vote is kept under “Your votes”: look there whether it counted before you vote again.`,
				{},
				error,
			);
		session.vault.transaction(() => {
			session.vault.votes.update(id, { state: 'failed' });
			record(session, { kind: 'voted', title: `Vote in ${dao} was not taken`, shared: [sentence], outcome: 'failed', detail: message });
		});
		throw error;
	} finally {
		session.changed('votes', id);
	}
}
