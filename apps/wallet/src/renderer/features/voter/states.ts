import type { ProposalSummary, Vote } from '@holdfast/contract';
import type { Tone } from '@holdfast/ui';
import { formatMoment } from '../../shell/format.ts';

export interface StateWord {
	readonly word: string;
	readonly tone: Tone;
}

export const PROPOSAL_STATES: { readonly [state in ProposalSummary['state']]: StateWord } = {
	pending: { word: 'Not open yet', tone: 'neutral' },
	open: { word: 'Open', tone: 'info' },
	passed: { word: 'Passed', tone: 'positive' },
	failed: { word: 'Failed', tone: 'negative' },
	queued: { word: 'Waiting to be carried out', tone: 'info' },
	executed: { word: 'Carried out', tone: 'positive' },
	cancelled: { word: 'Cancelled', tone: 'neutral' },
	closed: { word: 'Closed', tone: 'neutral' },
};

/** When voting begins or ends, in words. `ends` stands in where there is no time. */
export function timesWords({ state, startsAt, endsAt, ends }: ProposalSummary & { readonly ends?: string }): string {
	if (state === 'pending' && startsAt !== null) return `Voting begins ${formatMoment(startsAt)}`;
	const end = endsAt === null ? (ends ?? '') : formatMoment(endsAt);
	if (end === '') return '';
	return state === 'open' || state === 'pending' ? `Voting ends ${end}` : `Voting ended ${end}`;
}

/** What is known of a vote: whether it was taken, and what the last look found. */
export function voteState({ state, check }: Vote): StateWord {
	switch (check?.state) {
		case 'counted':
			return { word: 'Counted', tone: 'positive' };
		case 'replaced':
			return { word: 'Replaced by a later vote', tone: 'neutral' };
		case 'not-counted':
			return state === 'signed' ? { word: 'Not handed in yet', tone: 'caution' } : { word: 'Not counted', tone: 'negative' };
		default:
	}
	switch (state) {
		case 'sent':
			return { word: 'Taken', tone: 'info' };
		case 'signed':
			return { word: 'Signed', tone: 'info' };
		case 'sending':
			return { word: 'No answer yet', tone: 'caution' };
		case 'failed':
			return { word: 'Not taken', tone: 'negative' };
	}
}
