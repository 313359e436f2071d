import type { ClaimLine, PresentReview } from '@holdfast/contract';

type Query = PresentReview['queries'][number];
type Sets = PresentReview['sets'];

/**
 * What the person has chosen to show. Queries named in a set are answered by choosing one of the set's
 * options; the others by `required` or by opting in (OpenID4VP 1.0 §6.2 and §6.4.2).
 */
export interface Selection {
	/** For each set the index of the chosen option, or null for none. */
	readonly options: readonly (number | null)[];
	/** Optional queries that the person wants to answer. */
	readonly optedIn: readonly string[];
	/** The chosen credential of each query. */
	readonly credentials: Readonly<Record<string, string>>;
}

const canAnswer = (query: Query | undefined): boolean => query !== undefined && query.candidates.length > 0;

/** Which options of a set the wallet can answer. */
export function answerableOptions(review: Pick<PresentReview, 'queries'>, set: Sets[number]): number[] {
	return set.options.flatMap((option, index) => (option.every((id) => canAnswer(review.queries.find((query) => query.queryId === id))) ? [index] : []));
}

/** Starts with the least: required things answered with the first document that fits, nothing optional. */
export function firstSelection(review: PresentReview): Selection {
	return {
		options: review.sets.map((set) => (set.required ? (answerableOptions(review, set)[0] ?? null) : null)),
		optedIn: [],
		credentials: Object.fromEntries(review.queries.flatMap((query) => (query.candidates[0] ? [[query.queryId, query.candidates[0].credential.id]] : []))),
	};
}

const inSets = (review: PresentReview): Set<string> => new Set(review.sets.flatMap((set) => set.options.flat()));

/** Queries outside every set that may be left out. */
export function optionalQueries(review: PresentReview): Query[] {
	const covered = inSets(review);
	return review.queries.filter((query) => !query.required && !covered.has(query.queryId));
}

/** The queries that will be answered, in the order of the request. */
export function activeQueries(review: PresentReview, selection: Selection): Query[] {
	const covered = inSets(review);
	const chosen = new Set(
		review.sets.flatMap((set, index) => {
			const option = selection.options[index];
			return option === null || option === undefined ? [] : (set.options[option] ?? []);
		}),
	);
	return review.queries.filter((query) =>
		covered.has(query.queryId) ? chosen.has(query.queryId) : query.required || selection.optedIn.includes(query.queryId),
	);
}

/** The choices to approve, or null while something required has no answer. */
export function choicesOf(review: PresentReview, selection: Selection): { queryId: string; credentialId: string }[] | null {
	if (!review.canAnswer) return null;
	if (review.sets.some((set, index) => set.required && (selection.options[index] ?? null) === null)) return null;
	const active = activeQueries(review, selection);
	const choices = active.flatMap(({ queryId, candidates }) => {
		const credentialId = selection.credentials[queryId];
		return candidates.some((candidate) => candidate.credential.id === credentialId) && credentialId !== undefined ? [{ queryId, credentialId }] : [];
	});
	return choices.length === active.length && choices.length > 0 ? choices : null;
}

export interface Told {
	readonly learned: readonly ClaimLine[];
	readonly hidden: readonly ClaimLine[];
}

/** What one query's answer tells and keeps, with the document that is chosen for it. */
export function toldBy(query: Query, selection: Selection): Told {
	const candidate = query.candidates.find((each) => each.credential.id === selection.credentials[query.queryId]);
	return { learned: candidate?.learned ?? [], hidden: candidate?.hidden ?? [] };
}
