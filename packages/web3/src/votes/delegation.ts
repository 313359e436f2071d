import { epochSeconds, failed, passed, type ReportNode, skipped } from '@holdfast/kernel';
import { type Address, isAddressEqual, zeroAddress } from 'viem';
import type { Allowance } from '../firewall/review.ts';
import { type TypedData, typedData } from '../typed-data/index.ts';
import { TOKEN } from './abis.ts';
import type { CountCheck, RelayCall } from './adapter.ts';
import { badChoice, secondsWords, type TokenFacts, tokenFacts } from './on-chain.ts';
import { type ChainAccess, clientOf, kindOfAccount, maybe, read } from './reads.ts';
import { relayCallOf } from './relay.ts';
import { contractVoter, type SignedData } from './signatures.ts';
import { delegationStruct, type TokenRef, tokenDomain } from './token-domain.ts';

/** How delegation stands, of one holder. Amounts in base units. */
export interface DelegationStanding {
	readonly token: TokenFacts;
	/** Who votes with the holder's tokens now; null for nobody, not even the holder. */
	readonly delegate: Address | null;
	readonly balance: bigint;
	/** What the holder can vote with now: its own where it delegates to itself, and what others delegate to it. */
	readonly votes: bigint;
	/** What delegates these tokens to anybody: for an account that is made to hold them. Those that only vote have a narrower one. */
	readonly allowance: Allowance;
}

export interface DelegationDraft {
	readonly typedData: TypedData;
	readonly warnings: readonly string[];
}

export interface DelegationAdapter {
	/** @throws VoteError vote/unknown-domain where nobody can say which signature the token would take */
	standing(ref: TokenRef, holder: Address): Promise<DelegationStanding>;
	/**
	 * @param input.expiry seconds since the epoch, until which it can be sent
	 * @throws VoteError vote/contract-voter for a holder without a key (a Safe), vote/bad-choice, vote/unknown-domain
	 */
	draft(ref: TokenRef, input: { readonly holder: Address; readonly delegatee: Address; readonly expiry: bigint }): Promise<DelegationDraft>;
	/** The transaction that brings it onto the chain. @throws VoteError vote/other-dao where it was signed for another token */
	relay(ref: TokenRef, signed: Pick<SignedData, 'typedData' | 'signature'>): RelayCall;
	/** Whether the delegation that was signed is the one that stands. */
	check(ref: TokenRef, signed: { readonly holder: Address; readonly typedData: TypedData }): Promise<CountCheck>;
}

/**
 * Delegation by signature: ERC20Votes, COMP (a domain without a version) and Baal's shares (a type string of their own). It is brought
 * onto the chain by `sendSigned` or a relay file. Only accounts with a key can: the token recovers the signer and asks nobody.
 */
export function createDelegationAdapter(access: ChainAccess): DelegationAdapter {
	return {
		async standing(ref, holder) {
			const client = await clientOf(access, ref);
			const at = { address: ref.token, abi: TOKEN } as const;
			const [found, token, delegate, balance, votes, current] = await Promise.all([
				tokenDomain(client, ref),
				tokenFacts(client, ref.token),
				read(client, { ...at, functionName: 'delegates', args: [holder] }),
				read(client, { ...at, functionName: 'balanceOf', args: [holder] }),
				maybe(client, { ...at, functionName: 'getVotes', args: [holder] }),
				maybe(client, { ...at, functionName: 'getCurrentVotes', args: [holder] }),
			]);
			return {
				token,
				delegate: delegate === zeroAddress ? null : delegate,
				balance,
				votes: votes ?? current ?? 0n,
				allowance: { struct: delegationStruct(found), domain: found.domain, pins: found.baal === undefined ? {} : { name: found.baal } },
			};
		},

		async draft(ref, { holder, delegatee, expiry }) {
			const client = await clientOf(access, ref);
			if ((await kindOfAccount(client, holder)) === 'contract') throw contractVoter('This token');
			if (expiry <= BigInt(epochSeconds(access.clock))) throw badChoice('The signature would have expired already.');
			const [{ domain, baal }, nonce] = await Promise.all([
				tokenDomain(client, ref),
				read(client, { address: ref.token, abi: TOKEN, functionName: 'nonces', args: [holder] }),
			]);
			const message = { delegatee, nonce, expiry };
			return {
				typedData: baal === undefined ? typedData('delegation', domain, message) : typedData('baal-delegation', domain, { name: baal, ...message }),
				warnings: [
					`Whoever has the signature can hand it in, or hold it back, until ${secondsWords(expiry)}.`,
					'Permissions to spend that are signed for this token (permit) use the same counter: whichever is sent first makes the other void.',
					'It counts for votes that begin later. Votes that have begun are not changed.',
				],
			};
		},

		relay: ({ chainId, token }, signed) => relayCallOf({ chainId, contract: token }, signed, ['delegation', 'baal-delegation']),

		async check(ref, { holder, typedData: { message } }) {
			const client = await clientOf(access, ref);
			const at = { address: ref.token, abi: TOKEN } as const;
			const [delegate, nonce] = await Promise.all([
				read(client, { ...at, functionName: 'delegates', args: [holder] }),
				read(client, { ...at, functionName: 'nonces', args: [holder] }),
			]);
			const leaf = { check: 'delegation/stands', title: 'In the token' };
			const used = BigInt(String(message.nonce)) < nonce;
			const result = (state: CountCheck['state'], node: ReportNode): CountCheck => ({ state, words: node.reason, report: node });
			if (used && isAddressEqual(delegate, message.delegatee as Address)) {
				return result('counted', passed({ ...leaf, reason: 'The token has this delegate for your account.' }));
			}
			if (used) return result('replaced', failed({ ...leaf, code: 'vote/replaced', reason: 'The token has another delegate for your account now.' }));
			if (BigInt(String(message.expiry)) < BigInt(epochSeconds(access.clock))) {
				return result('not-counted', failed({ ...leaf, code: 'vote/not-sent', reason: 'The signature expired before anybody sent it.' }));
			}
			return result('unknown', skipped({ ...leaf, code: 'vote/not-sent', reason: 'Nobody has sent it yet. Whoever has the signature can, until it expires.' }));
		},
	};
}
