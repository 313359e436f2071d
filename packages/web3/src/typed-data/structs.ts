import { type Hex, keccak256, toBytes } from 'viem';

/** A member of an EIP-712 struct, in the key order that Snapshot's sequencer hashes. */
export interface TypedField {
	readonly name: string;
	readonly type: string;
}

export type DomainField = 'name' | 'version' | 'chainId' | 'verifyingContract';

/** Which members a struct's domain has, in EIP712Domain's order, and those whose value the protocol fixes. */
export interface DomainShape {
	readonly fields: readonly DomainField[];
	readonly fixed?: Readonly<Partial<Record<DomainField, string>>>;
}

/** One message that a voting system knows. */
export interface Struct {
	readonly id: StructId;
	/** EIP-712 `encodeType`. The rest follows from it. */
	readonly typeString: string;
	readonly typeHash: Hex;
	readonly primaryType: string;
	/** The types as they go into JSON: the struct itself first, then those that it uses. */
	readonly types: Readonly<Record<string, readonly TypedField[]>>;
	/** Every form of domain in which the struct is in use. */
	readonly domains: readonly DomainShape[];
}

const FULL: DomainShape = { fields: ['name', 'version', 'chainId', 'verifyingContract'] };
const UNVERSIONED: DomainShape = { fields: ['name', 'chainId', 'verifyingContract'] };
const SAFE: DomainShape = { fields: ['chainId', 'verifyingContract'] };
const SNAPSHOT: DomainShape = { fields: ['name', 'version'], fixed: { name: 'snapshot', version: '0.1.4' } };
const SNAPSHOT_X: DomainShape = { ...FULL, fixed: { name: 'snapshot-x', version: '1.0.0' } };
const BAAL: DomainShape = { ...FULL, fixed: { name: 'Vote', version: '4' } };
const OWNERSHIP: DomainShape = { fields: ['name', 'version'], fixed: { name: 'Holdfast NFT Ownership', version: '1' } };
const BAAL_SHARES: DomainShape = { ...FULL, fixed: { name: 'delegation', version: '4' } };

const snapshotVote = (choice: string) =>
	`Vote(string from,string space,uint64 timestamp,string proposal,${choice} choice,string reason,string app,string metadata)`;

// Sources: snapshot.js 0.17.5 (src/sign/types.ts), sx-evm, OpenZeppelin Contracts 5.7 and 4.9 (governance/), compound-protocol, Baal, safe-smart-account.
// Three different structs are called Vote and four Ballot: only type hash and domain together say what a message is.
const DEFINITIONS = {
	'snapshot-vote-single': [snapshotVote('uint32'), SNAPSHOT],
	'snapshot-vote-array': [snapshotVote('uint32[]'), SNAPSHOT],
	'snapshot-vote-string': [snapshotVote('string'), SNAPSHOT],
	'snapshot-alias': ['Alias(address from,address alias,uint64 timestamp)', SNAPSHOT],
	'snapshot-revoke-alias': ['RevokeAlias(address from,address alias,uint64 timestamp)', SNAPSHOT],
	'snapshot-x-vote': [
		'Vote(address space,address voter,uint256 proposalId,uint8 choice,IndexedStrategy[] userVotingStrategies,string voteMetadataURI)IndexedStrategy(uint8 index,bytes params)',
		SNAPSHOT_X,
	],
	'governor-ballot': ['Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)', FULL],
	'governor-extended-ballot': ['ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)', FULL],
	'governor-override-ballot': ['OverrideBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason)', FULL],
	/** OpenZeppelin 4 with a version in its domain; Compound Bravo and Nouns without one. */
	'bravo-ballot': ['Ballot(uint256 proposalId,uint8 support)', UNVERSIONED, FULL],
	'alpha-ballot': ['Ballot(uint256 proposalId,bool support)', UNVERSIONED],
	/** ERC20Votes with a version in the token's domain, COMP without one. */
	delegation: ['Delegation(address delegatee,uint256 nonce,uint256 expiry)', FULL, UNVERSIONED],
	'baal-vote': ['Vote(string name,address voter,uint256 expiry,uint256 nonce,uint32 proposalId,bool support)', BAAL],
	'baal-delegation': ['Delegation(string name,address delegatee,uint256 nonce,uint256 expiry)', BAAL_SHARES],
	'safe-tx': [
		'SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)',
		SAFE,
	],
	'safe-message': ['SafeMessage(bytes message)', SAFE],
	/** Holdfast's own: see ownership/statement.ts. */
	'nft-ownership': [
		'NFTOwnershipPresentation(address holder,uint256 chainId,address collection,uint256 tokenId,uint256 blockNumber,bytes32 blockHash,string verifier,bytes32 nonce,uint64 issuedAt,uint64 expiresAt,string purpose)',
		OWNERSHIP,
	],
	'nft-delegate': [
		'NFTDelegatePresentation(address holder,address owner,uint256 chainId,address collection,uint256 tokenId,uint256 blockNumber,bytes32 blockHash,string verifier,bytes32 nonce,uint64 issuedAt,uint64 expiresAt,string purpose)',
		OWNERSHIP,
	],
	/** Holdfast's own: see ownership/linked/statement.ts. */
	'link-identity': ['LinkIdentity(address owner,uint256 commitment,bytes32 groupId,uint256 tokenId,uint256 blockNumber,uint64 expiresAt)', OWNERSHIP],
} as const satisfies Record<string, readonly [string, DomainShape, ...DomainShape[]]>;

export type StructId = keyof typeof DEFINITIONS;

/** Every struct that a vote, a delegation, a Safe's approval, a proof of ownership or a link to an anonymous identity is made of. */
export const structs: Readonly<Record<StructId, Struct>> = Object.fromEntries(
	Object.entries(DEFINITIONS).map(([id, [typeString, ...domains]]) => {
		const types = parseTypeString(typeString);
		const [primaryType = ''] = Object.keys(types);
		return [id, { id: id as StructId, typeString, typeHash: keccak256(toBytes(typeString)), primaryType, types, domains }];
	}),
) as unknown as Readonly<Record<StructId, Struct>>;

export const structIds = Object.keys(structs) as readonly StructId[];

/** `Vote(string a,B[] b)B(uint8 c)` as `{ Vote: [{ name: 'a', type: 'string' }, …], B: […] }` (EIP-712, "Definition of encodeType"). */
function parseTypeString(typeString: string): Record<string, TypedField[]> {
	return Object.fromEntries(
		[...typeString.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name = '', members = '']) => [
			name,
			members.split(',').map((member) => {
				const [type = '', field = ''] = member.split(' ');
				return { name: field, type };
			}),
		]),
	);
}
