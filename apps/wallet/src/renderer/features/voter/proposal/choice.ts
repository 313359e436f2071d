import type { Proposal, VoteChoice } from '@holdfast/contract';

type Option = Proposal['options'][number];

/** What has been chosen so far, in each way of voting. */
export interface ChoiceDraft {
	readonly one: number | undefined;
	readonly several: readonly number[];
	/** All options, the best first. */
	readonly ranked: readonly number[];
	/** Shares by option; missing is none. */
	readonly weights: Readonly<Record<string, number | undefined>>;
}

export const emptyChoice = (options: readonly Option[]): ChoiceDraft => ({
	one: undefined,
	several: [],
	ranked: options.map(({ value }) => value),
	weights: {},
});

/** The draft as a choice, or null while something is missing. */
export function choiceOf(voting: Proposal['voting'], draft: ChoiceDraft): VoteChoice | null {
	switch (voting) {
		case 'one':
			return draft.one === undefined ? null : { kind: 'one', option: draft.one };
		case 'several':
			return { kind: 'several', options: [...draft.several] };
		case 'ranked':
			return { kind: 'ranked', options: [...draft.ranked] };
		case 'weights': {
			const weights = Object.fromEntries(Object.entries(draft.weights).filter((entry): entry is [string, number] => entry[1] !== undefined && entry[1] > 0));
			return Object.keys(weights).length === 0 ? null : { kind: 'weights', weights };
		}
	}
}

/** The list with the item at `from` moved by one place; the same where there is no such place. */
export function moved(list: readonly number[], from: number, by: 1 | -1): readonly number[] {
	const to = from + by;
	const [here, there] = [list[from], list[to]];
	if (here === undefined || there === undefined) return list;
	return list.with(from, there).with(to, here);
}

/** An option's share of all that was given, in percent. */
export function shareOf(weights: ChoiceDraft['weights'], value: number): number {
	const total = Object.values(weights).reduce<number>((sum, weight) => sum + (weight ?? 0), 0);
	return total === 0 ? 0 : ((weights[String(value)] ?? 0) / total) * 100;
}
