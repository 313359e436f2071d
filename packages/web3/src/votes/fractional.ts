import { encodePacked, type Hex, hexToBigInt, size, slice } from 'viem';
import { badChoice } from './on-chain.ts';

/** The `support` that says that a vote is split (GovernorCountingFractional.VOTE_TYPE_FRACTIONAL). */
export const FRACTIONAL = 255;
const MAX_UINT128 = (1n << 128n) - 1n;

/** The amounts of a split vote, in base units, by option: against, for, abstain; undefined where `params` is something else. */
export const amountsOf = (params: Hex): readonly bigint[] | undefined =>
	size(params) === 48 ? [0, 16, 32].map((start) => hexToBigInt(slice(params, start, start + 16))) : undefined;

/**
 * A split of `power` by proportions, as GovernorCountingFractional takes it: three packed uint128, against, for, abstain. What
 * rounding leaves goes to the largest share. Everything for one option is an ordinary vote.
 * @throws VoteError vote/bad-choice
 */
export function split(weights: Readonly<Record<string, number>>, power: bigint): { readonly support: number; readonly params: Hex } {
	const entries = Object.entries(weights).filter(([, weight]) => weight !== 0);
	if (entries.length === 0 || entries.some(([key, weight]) => !/^[012]$/.test(key) || !Number.isFinite(weight) || weight < 0)) {
		throw badChoice('Give shares of For, Against and Abstain.');
	}
	if (power <= 0n) throw badChoice('This account has no voting power left to split.');
	const only = entries.length === 1 ? entries[0] : undefined;
	if (only) return { support: Number(only[0]), params: '0x' };
	const largest = Math.max(...entries.map(([, weight]) => weight));
	// Six digits of each share, exactly.
	const parts = [0, 1, 2].map((option) => BigInt(Math.round(((weights[option] ?? 0) / largest) * 1e6)));
	const total = parts.reduce((sum, part) => sum + part, 0n);
	const amounts = parts.map((part) => (power * part) / total);
	const rest = power - amounts.reduce((sum, amount) => sum + amount, 0n);
	const first = parts.indexOf(1_000_000n);
	amounts[first] = (amounts[first] ?? 0n) + rest;
	const [against = 0n, inFavour = 0n, abstain = 0n] = amounts;
	if (amounts.some((amount) => amount > MAX_UINT128)) throw badChoice('This is more power than can be split in one vote.');
	return { support: FRACTIONAL, params: encodePacked(['uint128', 'uint128', 'uint128'], [against, inFavour, abstain]) };
}
