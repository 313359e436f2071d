import type { StationKnowledge } from '@holdfast/contract';

/** "12 minutes", in the unit that a person would say. */
export function ageWords(ms: number): string {
	const minutes = Math.floor(ms / 60_000);
	if (minutes < 1) return 'less than a minute';
	if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
	const hours = Math.floor(minutes / 60);
	return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}

/** What a station’s screen says about whom it can judge without a network. `trustHours` is how long fetched keys are believed. */
export function trustWords(
	{ issuers: trust, lists, listsAgeMs, listsMissing }: StationKnowledge,
	trustHours: number,
): { readonly text: string; readonly isWorry: boolean } {
	if (trust.length === 0) return { text: 'You trust no issuers yet: nobody’s document will be accepted but your own.', isWorry: true };
	const cached = trust.filter((each) => each.keys === 'cached');
	const oldest = Math.max(0, ...cached.map((each) => each.ageMs ?? 0));
	const missing = trust.filter((each) => each.keys === 'missing');
	const isOld = cached.length > 0 && oldest > trustHours * 3_600_000;
	const isListOld = listsAgeMs !== null && listsAgeMs > trustHours * 3_600_000;
	const parts = [
		cached.length === 0 ? '' : `keys of ${cached.length === 1 ? cached[0]?.name : `${cached.length} issuers`} fetched ${ageWords(oldest)} ago`,
		isOld ? 'too long ago to be believed without a network' : '',
		missing.length === 0 ? '' : `${missing.map((each) => each.name).join(', ')}: needs a network`,
	].filter((part) => part !== '');
	const withdrawn =
		listsAgeMs === null
			? ' No list of withdrawn documents has been seen yet.'
			: ` ${lists === 1 ? 'List' : `${lists} lists`} of withdrawn documents fetched ${ageWords(listsAgeMs)} ago${isListOld ? ', too long ago to be believed without a network' : ''}.`;
	const ahead =
		listsMissing.length === 0 ? '' : ` Not fetched yet: ${listsMissing.length === 1 ? 'one list' : `${listsMissing.length} lists`} that a policy names.`;
	const text =
		parts.length === 0 ? `Trusted issuers: ${trust.length}, all can be judged without a network.` : `Trusted issuers: ${trust.length}; ${parts.join('; ')}.`;
	return { text: `${text}${withdrawn}${ahead}`, isWorry: isOld || isListOld || missing.length > 0 || listsMissing.length > 0 };
}
