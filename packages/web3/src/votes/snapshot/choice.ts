import type { Voting } from '../../firewall/review.ts';
import type { StructId } from '../../typed-data/index.ts';
import type { Choice } from '../adapter.ts';
import { VoteError } from '../errors.ts';

/** Snapshot's voting systems, by how a choice is made. */
const SYSTEMS: Readonly<Record<string, Voting>> = {
	basic: 'one',
	'single-choice': 'one',
	approval: 'several',
	'ranked-choice': 'ranked',
	weighted: 'weights',
	quadratic: 'weights',
};

/** How the choice is made in a voting system of Snapshot; undefined for one that Holdfast does not know. */
export const votingOf = (type: string): Voting | undefined => (Object.hasOwn(SYSTEMS, type) ? SYSTEMS[type] : undefined);

const STRUCTS: Readonly<Record<Voting, StructId>> = {
	one: 'snapshot-vote-single',
	several: 'snapshot-vote-array',
	ranked: 'snapshot-vote-array',
	weights: 'snapshot-vote-string',
};

export const structFor = (voting: Voting, secret: boolean): StructId => (secret ? 'snapshot-vote-string' : STRUCTS[voting]);

const badChoice = (reason: string) => new VoteError('vote/bad-choice', 'This choice would not be counted. Choose again.', { reason });

/** A choice as Snapshot counts it: options count from 1. */
export type SnapshotChoice = number | readonly number[] | Readonly<Record<string, number>>;

/**
 * The choice in Snapshot's form. As strict as snapshot.js' `isValidChoice`, or stricter: what passes here is counted there.
 * @throws VoteError vote/bad-choice
 */
export function snapshotChoice(voting: Voting, count: number, choice: Choice): SnapshotChoice {
	const option = (value: number): number => {
		if (!Number.isInteger(value) || value < 1 || value > count) throw badChoice('no-such-option');
		return value;
	};
	if (choice.kind !== voting) throw badChoice('other-kind');
	switch (choice.kind) {
		case 'one':
			return option(choice.option);
		case 'several':
		case 'ranked': {
			const options = choice.options.map(option);
			if (new Set(options).size !== options.length) throw badChoice('twice');
			if (choice.kind === 'ranked' && options.length !== count) throw badChoice('not-all');
			return options;
		}
		case 'weights': {
			const weights = Object.entries(choice.weights).filter(([, weight]) => weight !== 0);
			for (const [key, weight] of weights) {
				if (!/^[1-9]\d*$/.test(key)) throw badChoice('no-such-option');
				option(Number(key));
				if (!Number.isFinite(weight) || weight < 0) throw badChoice('weight');
			}
			if (weights.length === 0) throw badChoice('empty');
			return Object.fromEntries(weights);
		}
	}
}

/** The choice as it stands in the message: lists and numbers as they are, shares as JSON. */
export const wireChoice = (choice: SnapshotChoice): number | readonly number[] | string =>
	typeof choice === 'number' || Array.isArray(choice) ? (choice as number | readonly number[]) : JSON.stringify(choice);
