import { displayText } from '@holdfast/kernel';
import { SigningRefused } from './errors.ts';
import type { ProposalWords } from './review.ts';

const MAX_LABEL = 300;

/** The option's label as a person reads it. @throws SigningRefused signing/not-an-option */
export function optionLabel(proposal: ProposalWords, value: number): string {
	const option = proposal.options.find((each) => each.value === value);
	if (!option) throw new SigningRefused('signing/not-an-option');
	return `“${displayText(option.label, MAX_LABEL) || `Option ${value}`}”`;
}

/**
 * A choice in words, in the proposal's own way of voting: one option, several, an order or shares.
 * @throws SigningRefused signing/not-an-option where the proposal does not take it
 */
export function choiceWords(proposal: ProposalWords, choice: unknown): string {
	switch (proposal.voting) {
		case 'one':
			if (typeof choice !== 'number') throw new SigningRefused('signing/not-an-option');
			return optionLabel(proposal, choice);
		case 'several': {
			const values = distinct(choice);
			return values.length === 0 ? 'None of the options' : values.map((value) => optionLabel(proposal, value)).join(', ');
		}
		case 'ranked': {
			const values = distinct(choice);
			if (values.length !== proposal.options.length) throw new SigningRefused('signing/not-an-option');
			return values.map((value, index) => `${index + 1}. ${optionLabel(proposal, value)}`).join(', ');
		}
		case 'weights':
			return shares(proposal, weightsOf(choice));
	}
}

/** Shares of the voter's power, by option: `60% “Yes”, 40% “No”`. */
export function shares(proposal: ProposalWords, weights: readonly (readonly [option: number, weight: number])[]): string {
	const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
	if (!(total > 0) || !Number.isFinite(total)) throw new SigningRefused('signing/not-an-option');
	return weights
		.filter(([option, weight]) => optionLabel(proposal, option) !== '' && weight > 0)
		.sort(([, a], [, b]) => b - a)
		.map(([option, weight]) => `${percent(weight / total)} ${optionLabel(proposal, option)}`)
		.join(', ');
}

const percent = (share: number): string => {
	const value = share * 100;
	return value < 0.01 ? 'less than 0.01%' : `${Number(value.toFixed(2))}%`;
};

function distinct(choice: unknown): number[] {
	if (!Array.isArray(choice) || !choice.every((value) => typeof value === 'number') || new Set(choice).size !== choice.length) {
		throw new SigningRefused('signing/not-an-option');
	}
	return choice as number[];
}

function weightsOf(choice: unknown): [number, number][] {
	if (typeof choice !== 'object' || choice === null || Array.isArray(choice)) throw new SigningRefused('signing/not-an-option');
	return Object.entries(choice).map(([key, weight]) => {
		if (!/^[1-9]\d{0,3}$|^0$/.test(key) || typeof weight !== 'number' || !Number.isFinite(weight) || weight < 0)
			throw new SigningRefused('signing/not-an-option');
		return [Number(key), weight];
	});
}

/**
 * A choice in JSON. Only the one form that JSON.stringify writes is taken, so that what is shown is all that is signed (no doubled
 * keys, no white space, no numbers that are rounded on reading).
 * @throws SigningRefused signing/hidden-content
 */
export function jsonChoice(text: string): unknown {
	try {
		const value: unknown = JSON.parse(text);
		if (JSON.stringify(value) === text) return value;
	} catch {
		// Falls through: no JSON is refused as well.
	}
	throw new SigningRefused('signing/hidden-content', { field: 'choice' });
}
