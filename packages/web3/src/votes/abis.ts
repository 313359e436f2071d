import { keccak256, parseAbi, parseAbiItem, toBytes } from 'viem';

// The functions and events that a voter needs, in the words of their sources: OpenZeppelin Contracts 5.7 and 4.9 (governance/),
// compound-protocol, nouns-monorepo, HausDAO/Baal, safe-smart-account 1.3 and 1.4.

/** EIP712Domain of COMP, Bravo and Nouns: without a version. */
export const UNVERSIONED_DOMAIN = keccak256(toBytes('EIP712Domain(string name,uint256 chainId,address verifyingContract)'));

export const EIP5267 = parseAbi([
	'function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)',
]);

export const GOVERNOR = parseAbi([
	'function name() view returns (string)',
	'function version() view returns (string)',
	'function BALLOT_TYPEHASH() view returns (bytes32)',
	'function COUNTING_MODE() view returns (string)',
	'function CLOCK_MODE() view returns (string)',
	'function clock() view returns (uint48)',
	'function token() view returns (address)',
	'function timelock() view returns (address)',
	'function votingDelay() view returns (uint256)',
	'function votingPeriod() view returns (uint256)',
	'function quorum(uint256 timepoint) view returns (uint256)',
	'function lateQuorumVoteExtension() view returns (uint48)',
	'function nonces(address owner) view returns (uint256)',
	'function state(uint256 proposalId) view returns (uint8)',
	'function proposalSnapshot(uint256 proposalId) view returns (uint256)',
	'function proposalDeadline(uint256 proposalId) view returns (uint256)',
	'function proposalEta(uint256 proposalId) view returns (uint256)',
	'function proposalVotes(uint256 proposalId) view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes)',
	'function hasVoted(uint256 proposalId, address account) view returns (bool)',
	'function hasVotedOverride(uint256 proposalId, address account) view returns (bool)',
	'function usedVotes(uint256 proposalId, address account) view returns (uint256)',
	'function getVotes(address account, uint256 timepoint) view returns (uint256)',
	'function getProposalId(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash) view returns (uint256)',
	'function castVoteWithReasonAndParamsBySig(uint256 proposalId, uint8 support, address voter, string reason, bytes params, bytes signature) returns (uint256)',
	'function castOverrideVoteBySig(uint256 proposalId, uint8 support, address voter, string reason, bytes signature) returns (uint256)',
	'error GovernorInvalidSignature(address voter)',
	'error GovernorAlreadyCastVote(address voter)',
	'error GovernorAlreadyOverriddenVote(address account)',
	'error GovernorUnexpectedProposalState(uint256 proposalId, uint8 current, bytes32 expectedStates)',
	'error GovernorNonexistentProposal(uint256 proposalId)',
	'error GovernorExceedRemainingWeight(address voter, uint256 usedVotes, uint256 remainingWeight)',
	'error GovernorInvalidVoteType()',
	'error GovernorInvalidVoteParams()',
]);

/** OpenZeppelin 5: the nonce of one key; the key is the proposal's number. */
export const KEYED_NONCES = parseAbi(['function nonces(address owner, uint192 key) view returns (uint256)']);

/** Two functions of one name: OpenZeppelin 5 takes the voter and any signature, everything older what ecrecover takes. */
export const CAST_BY_SIGNATURE = parseAbi(['function castVoteBySig(uint256 proposalId, uint8 support, address voter, bytes signature) returns (uint256)']);
export const CAST_BY_VRS = parseAbi(['function castVoteBySig(uint256 proposalId, uint8 support, uint8 v, bytes32 r, bytes32 s)']);

export const TIMELOCK = parseAbi([
	'function getMinDelay() view returns (uint256)',
	'function hasRole(bytes32 role, address account) view returns (bool)',
	'function delay() view returns (uint256)',
	'function GRACE_PERIOD() view returns (uint256)',
]);

export const TOKEN = parseAbi([
	'function name() view returns (string)',
	'function symbol() view returns (string)',
	'function version() view returns (string)',
	'function decimals() view returns (uint8)',
	'function DOMAIN_TYPEHASH() view returns (bytes32)',
	'function DOMAIN_SEPARATOR() view returns (bytes32)',
	'function nonces(address owner) view returns (uint256)',
	'function delegates(address account) view returns (address)',
	'function balanceOf(address account) view returns (uint256)',
	'function getVotes(address account) view returns (uint256)',
	'function getCurrentVotes(address account) view returns (uint256)',
	'function getPastBalanceOf(address account, uint256 timepoint) view returns (uint256)',
	'function getPriorVotes(address account, uint256 blockNumber) view returns (uint256)',
	'function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s)',
]);

export const PAST_SUPPLY = parseAbi(['function getPastTotalSupply(uint256 timepoint) view returns (uint256)', 'function totalSupply() view returns (uint256)']);

export const BRAVO = parseAbi([
	'function name() view returns (string)',
	'function BALLOT_TYPEHASH() view returns (bytes32)',
	'function DOMAIN_TYPEHASH() view returns (bytes32)',
	'function proposalCount() view returns (uint256)',
	'function votingDelay() view returns (uint256)',
	'function votingPeriod() view returns (uint256)',
	'function timelock() view returns (address)',
	'function comp() view returns (address)',
	'function nouns() view returns (address)',
	'function token() view returns (address)',
	'function state(uint256 proposalId) view returns (uint8)',
	'function getActions(uint256 proposalId) view returns (address[] targets, uint256[] values, string[] signatures, bytes[] calldatas)',
	'function getReceipt(uint256 proposalId, address voter) view returns ((bool hasVoted, uint8 support, uint96 votes))',
]);

/** Functions whose result has another shape, or whose presence alone says something, in Bravo, Nouns 1 and Nouns 2 to 4. */
export const BRAVO_SHAPES = parseAbi(['function proposals(uint256 proposalId) view', 'function quorumVotes() view returns (uint256)']);
export const NOUNS_QUORUM = parseAbi(['function quorumVotes(uint256 proposalId) view returns (uint256)']);

export const BAAL = parseAbi([
	'function sharesToken() view returns (address)',
	'function avatar() view returns (address)',
	'function multisendLibrary() view returns (address)',
	'function votingPeriod() view returns (uint32)',
	'function gracePeriod() view returns (uint32)',
	'function quorumPercent() view returns (uint256)',
	'function proposalCount() view returns (uint32)',
	'function votingNonces(address voter) view returns (uint256)',
	'function memberVoted(address voter, uint32 proposalId) view returns (bool)',
	'function state(uint32 id) view returns (uint8)',
	'function getProposalStatus(uint32 id) view returns (bool[4])',
	'function proposals(uint256 id) view returns (uint32 id, uint32 prevProposalId, uint32 votingStarts, uint32 votingEnds, uint32 graceEnds, uint32 expiration, uint256 baalGas, uint256 yesVotes, uint256 noVotes, uint256 maxTotalSharesAndLootAtVote, address sponsor, bytes32 proposalDataHash)',
	'function submitVoteWithSig(address voter, uint256 expiry, uint256 nonce, uint32 id, bool approved, uint8 v, bytes32 r, bytes32 s)',
]);

export const SAFE = parseAbi([
	'function VERSION() view returns (string)',
	'function nonce() view returns (uint256)',
	'function getThreshold() view returns (uint256)',
	'function getOwners() view returns (address[])',
	'function getModulesPaginated(address start, uint256 pageSize) view returns (address[] array, address next)',
	'function domainSeparator() view returns (bytes32)',
	'function getTransactionHash(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, uint256 nonce) view returns (bytes32)',
	'function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) payable returns (bool)',
]);

export const MULTI_SEND = parseAbi(['function multiSend(bytes transactions) payable']);

export const EIP1271 = parseAbi(['function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)']);
export const EIP1271_VALID = '0x1626ba7e';

/** OpenZeppelin's and Bravo's have the same types, so the same topic. The number is not indexed. */
export const PROPOSAL_CREATED = parseAbiItem(
	'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
);
export const VOTE_CAST = parseAbiItem('event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason)');
export const VOTE_CAST_WITH_PARAMS = parseAbiItem(
	'event VoteCastWithParams(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason, bytes params)',
);
export const OVERRIDE_VOTE_CAST = parseAbiItem(
	'event OverrideVoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason)',
);
export const SUBMIT_PROPOSAL = parseAbiItem(
	'event SubmitProposal(uint256 indexed proposal, bytes32 indexed proposalDataHash, uint256 votingPeriod, bytes proposalData, uint256 expiration, uint256 baalGas, bool selfSponsor, uint256 timestamp, string details)',
);
export const SUBMIT_VOTE = parseAbiItem('event SubmitVote(address indexed member, uint256 balance, uint256 indexed proposal, bool indexed approved)');
export const EXECUTION_SUCCESS = parseAbiItem('event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)');
export const EXECUTION_FAILURE = parseAbiItem('event ExecutionFailure(bytes32 indexed txHash, uint256 payment)');
