import { readFileSync } from 'node:fs';

/** The contracts that contracts/build.mjs compiles. */
export type TestContract =
	| 'AssemblyCollection'
	| 'BaalSharesStandIn'
	| 'BaalStandIn'
	| 'BlockHashCollection'
	| 'BravoStandIn'
	| 'CollectionProxy'
	| 'CompStandIn'
	| 'CompatibilityFallbackHandler'
	| 'CompoundTimelockStandIn'
	| 'Editions'
	| 'EndlessCollection'
	| 'DelegateRegistryStandIn'
	| 'Escrow'
	| 'FractionalGovernor'
	| 'Governor4'
	| 'MultiSend'
	| 'NounsStandIn'
	| 'OverridableGovernor'
	| 'PackedCollection'
	| 'PlainCollection'
	| 'Safe'
	| 'SafeProxyFactory'
	| 'SigningAccount'
	| 'SimpleGovernor'
	| 'TimelockController'
	| 'TokenBoundAccount'
	| 'TokenBoundRegistry'
	| 'UpgradeableCollection'
	| 'VotesToken';

export interface ContractArtifact {
	readonly contract: TestContract;
	/** The compiler's version, in full. */
	readonly compiler: string;
	/** SHA-256, in hexadecimal, of each file that it was compiled from. */
	readonly sources: Readonly<Record<string, string>>;
	readonly abi: readonly object[];
	/** What a deployment sends, before the constructor's arguments. */
	readonly bytecode: `0x${string}`;
}

/** A compiled contract of this package, from its file. */
export function contractArtifact(name: TestContract): ContractArtifact {
	return JSON.parse(readFileSync(new URL(`../contracts/artifacts/${name}.json`, import.meta.url), 'utf8')) as ContractArtifact;
}
