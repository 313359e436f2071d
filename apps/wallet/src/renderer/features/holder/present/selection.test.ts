import type { Answer, PresentReview } from '@holdfast/contract';
import { describe, expect, it } from 'vitest';
import { activeQueries, answerableOptions, choicesOf, firstSelection, optionalQueries, toldBy } from './selection.ts';

const id = (letter: string) => letter.repeat(26);

const credential = (letter: string): Answer => ({
	id: id(letter),
	kind: 'document',
	appearance: { name: letter },
	issuer: { name: '', id: '', identifiedBy: '', standing: 'known' },
	subtitle: '',
	state: 'valid',
	validFrom: null,
	validUntil: null,
});

const query = (queryId: string, required: boolean, ...letters: string[]): PresentReview['queries'][number] => ({
	queryId,
	asks: queryId,
	required,
	missing: letters.length === 0 ? 'Nothing fits.' : null,
	candidates: letters.map((letter) => ({
		credential: credential(letter),
		learned: [{ path: [letter], label: letter, value: '1', kind: 'text', disclosable: true }],
		hidden: [],
	})),
});

const review = (queries: PresentReview['queries'], sets: PresentReview['sets'] = [], canAnswer = true): PresentReview => ({
	id: id('0'),
	verifier: { name: '', id: '', identifiedBy: '', standing: 'unknown' },
	purpose: null,
	identification: { check: 'x', result: 'passed', title: '', reason: '' },
	queries,
	sets,
	canAnswer,
	warnings: [],
	expiresAt: null,
});

describe('without sets', () => {
	const asked = review([query('a', true, 'a', 'b'), query('b', false, 'c')]);
	it('starts with what is required and nothing more', () => {
		expect(choicesOf(asked, firstSelection(asked))).toEqual([{ queryId: 'a', credentialId: id('a') }]);
		expect(optionalQueries(asked).map((each) => each.queryId)).toEqual(['b']);
	});
	it('adds what the person opts into, with the documents they choose', () => {
		const selection = { ...firstSelection(asked), optedIn: ['b'], credentials: { a: id('b'), b: id('c') } };
		expect(choicesOf(asked, selection)).toEqual([
			{ queryId: 'a', credentialId: id('b') },
			{ queryId: 'b', credentialId: id('c') },
		]);
		const [first] = activeQueries(asked, selection);
		expect(first && toldBy(first, selection).learned.map((line) => line.label)).toEqual(['b']);
	});
	it('never answers with a document that was not offered for the query', () => {
		expect(choicesOf(asked, { ...firstSelection(asked), credentials: { a: id('c') } })).toBeNull();
	});
	it('has no answer when something required is missing', () => {
		const missing = review([query('a', true)], [], false);
		expect(choicesOf(missing, firstSelection(missing))).toBeNull();
	});
	it('has no answer when nothing at all is chosen', () => {
		const optional = review([query('a', false, 'a')]);
		expect(choicesOf(optional, firstSelection(optional))).toBeNull();
	});
});

describe('with sets', () => {
	const sets: PresentReview['sets'] = [
		{ required: true, options: [['pid'], ['id', 'address']], purpose: null },
		{ required: false, options: [['student']], purpose: 'A discount' },
	];
	const asked = review([query('pid', true), query('id', true, 'a'), query('address', true, 'b'), query('student', false, 'c')], sets);
	it('offers only the options that can be answered, and takes the first', () => {
		expect(sets.map((set) => answerableOptions(asked, set))).toEqual([[1], [0]]);
		expect(choicesOf(asked, firstSelection(asked))?.map((choice) => choice.queryId)).toEqual(['id', 'address']);
	});
	it('leaves out optional sets until they are chosen', () => {
		const selection = { ...firstSelection(asked), options: [1, 0] };
		expect(choicesOf(asked, selection)?.map((choice) => choice.queryId)).toEqual(['id', 'address', 'student']);
	});
	it('waits for a required set', () => {
		expect(choicesOf(asked, { ...firstSelection(asked), options: [null, null] })).toBeNull();
	});
});
