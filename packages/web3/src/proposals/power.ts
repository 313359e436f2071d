/** How voting power lies: every weight is in the smallest unit of the votes. Shares are between 0 and 1. */
export interface PowerStatistics {
	/** All votes there are at the proposal's snapshot, or those given where that is not known. */
	readonly total: bigint;
	readonly voters: number;
	readonly top1: number;
	readonly top3: number;
	readonly top10: number;
	/** The fewest voters who together have more than half of `total`; `null` where those who are known have not. */
	readonly nakamoto: number | null;
	/** The share of the user's own accounts. */
	readonly own: number;
	/** What counts towards the quorum, as a share of it; `null` where there is none. */
	readonly quorum: number | null;
}

const share = (part: bigint, whole: bigint): number => (whole === 0n ? 0 : Number((part * 1_000_000n) / whole) / 1_000_000);

/**
 * Concentration of power among `votes` (`voter` only tells voters apart; several entries of one are added up).
 * `total`: all votes that exist, where known. `counted`/`quorum`: votes that count towards the quorum, and the quorum.
 */
export function powerStatistics(input: {
	readonly votes: readonly { readonly voter: string; readonly weight: bigint }[];
	readonly total?: bigint;
	readonly own?: readonly string[];
	readonly counted?: bigint;
	readonly quorum?: bigint;
}): PowerStatistics {
	const weights = new Map<string, bigint>();
	for (const { voter, weight } of input.votes) weights.set(voter.toLowerCase(), (weights.get(voter.toLowerCase()) ?? 0n) + (weight > 0n ? weight : 0n));
	const sorted = [...weights.values()].filter((weight) => weight > 0n).sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
	const known = sorted.reduce((sum, weight) => sum + weight, 0n);
	const total = input.total !== undefined && input.total > known ? input.total : known;
	const top = (count: number): number =>
		share(
			sorted.slice(0, count).reduce((sum, weight) => sum + weight, 0n),
			total,
		);
	let sum = 0n;
	const majority = sorted.findIndex((weight) => {
		sum += weight;
		return sum * 2n > total;
	});
	const own = (input.own ?? []).reduce((all, voter) => all + (weights.get(voter.toLowerCase()) ?? 0n), 0n);
	return {
		total,
		voters: sorted.length,
		top1: top(1),
		top3: top(3),
		top10: top(10),
		nakamoto: majority === -1 ? null : majority + 1,
		own: share(own, total),
		quorum: input.quorum === undefined || input.quorum === 0n ? null : share(input.counted ?? 0n, input.quorum),
	};
}
