import type { Address, PublicClient } from 'viem';
import type { Allowance } from '../firewall/review.ts';
import { type Domain, domainSeparator } from '../typed-data/index.ts';
import { TOKEN, UNVERSIONED_DOMAIN } from './abis.ts';
import { VoteError } from './errors.ts';
import { statedDomain, unknownDomain } from './on-chain.ts';
import { maybe, read } from './reads.ts';

/** A token whose holders can let others vote for them. */
export interface TokenRef {
	readonly chainId: number;
	readonly token: Address;
}

/**
 * The domain that a token's delegations are signed for: what it says of itself (ERC-5267), or the one of the usual forms whose hash the
 * token gives (DOMAIN_SEPARATOR), or COMP's. `baal` is the name that Baal's shares want in the message too.
 */
export async function tokenDomain(client: PublicClient, { chainId, token }: TokenRef): Promise<{ readonly domain: Domain; readonly baal?: string }> {
	const at = { address: token, abi: TOKEN } as const;
	const place = { chainId, verifyingContract: token };
	const [stated, name, version, domainHash, separator] = await Promise.all([
		statedDomain(client, { chainId, contract: token }),
		read(client, { ...at, functionName: 'name' }),
		maybe(client, { ...at, functionName: 'version' }),
		maybe(client, { ...at, functionName: 'DOMAIN_TYPEHASH' }),
		maybe(client, { ...at, functionName: 'DOMAIN_SEPARATOR' }),
	]);
	const shares: Domain = { name: 'delegation', version: '4', ...place };
	const candidates: readonly Domain[] = [{ name, version: version ?? '1', ...place }, { name, ...place }, shares];
	const domain =
		stated ??
		candidates.find((each) => domainSeparator(each) === separator) ??
		(separator === undefined && domainHash === UNVERSIONED_DOMAIN ? { name, ...place } : undefined);
	if (!domain) throw unknownDomain();
	return domain.name === shares.name && domain.version === shares.version ? { domain, baal: name } : { domain };
}

export const delegationStruct = ({ baal }: { readonly baal?: string }) => (baal === undefined ? 'delegation' : 'baal-delegation');

/**
 * What an account that votes with its own tokens has to sign once: that its power is its own. Nothing that gives it to others. None
 * where nobody can say which signature the token would take.
 */
export async function ownPowerAllowance(client: PublicClient, ref: TokenRef): Promise<(holder: Address) => readonly Allowance[]> {
	try {
		const found = await tokenDomain(client, ref);
		const { domain, baal } = found;
		return (holder) => [{ struct: delegationStruct(found), domain, pins: { ...(baal === undefined ? {} : { name: baal }), delegatee: holder } }];
	} catch (error) {
		if (error instanceof VoteError && error.code !== 'vote/unreachable') return () => [];
		throw error;
	}
}
