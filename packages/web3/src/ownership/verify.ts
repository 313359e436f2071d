import { type BlockHeader, readHeader } from '@holdfast/chain';
import { type Clock, displayText, epochSeconds, failed, group, HoldfastError, passed, type ReportNode, skipped, warning } from '@holdfast/kernel';
import { type Hex, isAddressEqual } from 'viem';
import type { BlockAuthority } from './blocks.ts';
import { type OwnershipBundle, readBundle } from './bundle.ts';
import { establishDelegation } from './delegation.ts';
import { OwnershipError } from './errors.ts';
import type { OwnershipEvidence } from './evidence.ts';
import { LIMITS } from './limits.ts';
import { loadMachine, type Machine } from './machine.ts';
import { establishOwner, type Ownership, signedBy, signedByKey } from './owner.ts';
import { type ProvenState, stateFromWitness } from './reads.ts';
import { type OwnershipStatement, ownershipDigest, type Token, type TokenStandard } from './statement.ts';

/** What a verifier asked for, and its policy. */
export interface OwnershipExpectation {
	readonly now: Clock;
	/** How the verifier calls itself, as the statement must name it. */
	readonly verifier: string;
	readonly nonce: Hex;
	readonly chainId: number;
	readonly collection: Hex;
	readonly standard: TokenStandard;
	/** Any token of the collection where it is absent. */
	readonly tokenId?: bigint;
	/** Whether a proof by somebody whom the owner lets act for it (delegate.xyz) will do. Default: the owner's own alone. */
	readonly delegates?: boolean;
	/** What the holder was told that it is for. Not compared where it is absent. */
	readonly purpose?: string;
	readonly blocks: BlockAuthority;
	/** Oldest acceptable block, seconds. Default 3600. */
	readonly maxBlockAgeSec?: number;
	/** Default 60. */
	readonly clockSkewSec?: number;
	/** Remembers a nonce, and says whether it was new: called last, when everything else holds. Left out where the protocol takes each answer once. */
	readonly useNonce?: (nonce: Hex) => boolean | Promise<boolean>;
}

export interface OwnershipVerification {
	readonly report: ReportNode;
	/** What was signed; proven only where the report passed. */
	readonly statement?: OwnershipStatement;
	readonly standard?: TokenStandard;
	/** Token-bound accounts between the token and its owner. */
	readonly through?: readonly Hex[];
	/** Who owns the token, where the holder only acts for it; proven only where the report passed. */
	readonly owner?: Hex;
}

const ROOT = { check: 'ownership', title: 'Ownership of a token' };
const DEFAULT_BLOCK_AGE = 3600;
const DEFAULT_SKEW = 60;

const same = (a: Hex, b: Hex): boolean => a.toLowerCase() === b.toLowerCase();
const at = (seconds: bigint): string => {
	const date = new Date(Number(seconds) * 1000);
	return Number.isNaN(date.getTime()) ? 'no date' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
};
const notChecked = (check: string, title: string): ReportNode =>
	skipped({ check, title, reason: 'Not checked, because something before it failed.', code: 'ownership/not-checked' });

/** A node for what a step throws. What is not ours is a bug and is thrown on. */
function failure(check: string, title: string, error: unknown): ReportNode {
	if (!(error instanceof HoldfastError)) throw error;
	return failed({ check, title, reason: error.message, code: error.code });
}

/**
 * Checks a proof of ownership: the statement against what was asked, the signature, the block against what the verifier trusts,
 * every state proof against that block, and the owner by running the collection's own code on what is proven.
 * Never throws for what a holder sent.
 */
export async function verifyOwnership(text: string, expected: OwnershipExpectation): Promise<OwnershipVerification> {
	let bundle: OwnershipBundle;
	try {
		bundle = readBundle(text);
	} catch (error) {
		return { report: group({ ...ROOT, passed: '', failed: 'The proof cannot be read.' }, [failure('format', 'Format', error)]) };
	}
	const { statement, standard } = bundle;
	const asked = statementChecks(bundle, expected);
	const { node: block, header } = await blockCheck(bundle, expected);
	const state = header
		? await ownerChecks(bundle, header, expected.delegates ?? false)
		: { nodes: [notChecked('state', 'State of the network'), notChecked('owner', 'Owner')], signature: undefined };
	const signature = state.signature ?? (await keySignatureCheck(bundle));
	const nodes = [passed({ check: 'format', title: 'Format', reason: 'The proof is complete and well-formed.' }), asked, signature, block, ...state.nodes];
	if (expected.useNonce) nodes.push(await replayCheck(statement, nodes, expected.useNonce));
	const { owner } = statement;
	const words = owner === undefined ? 'The holder owned this token at this block.' : 'The holder acted for the owner of this token at this block.';
	const report = group({ ...ROOT, passed: words, failed: 'The ownership is not proven.' }, nodes);
	return { report, statement, standard, ...(state.ownership ? { through: state.ownership.through } : {}), ...(owner === undefined ? {} : { owner }) };
}

function statementChecks({ statement, standard }: OwnershipBundle, expected: OwnershipExpectation): ReportNode {
	return group(
		{
			check: 'statement',
			title: 'Statement',
			passed: 'The statement is about what was asked, for this request.',
			failed: 'The statement is not what was asked for.',
		},
		[
			tokenCheck(statement, standard, expected),
			statement.verifier === expected.verifier
				? passed({ check: 'statement/verifier', title: 'Verifier', reason: 'It was made for this verifier.' })
				: failed({ check: 'statement/verifier', title: 'Verifier', reason: 'It was made for another verifier.', code: 'ownership/wrong-verifier' }),
			same(statement.nonce, expected.nonce)
				? passed({ check: 'statement/nonce', title: 'Request', reason: 'It answers this request.' })
				: failed({ check: 'statement/nonce', title: 'Request', reason: 'It answers another request.', code: 'ownership/wrong-nonce' }),
			timeCheck(statement, expected),
			...(expected.purpose === undefined
				? []
				: [
						statement.purpose === expected.purpose
							? passed({ check: 'statement/purpose', title: 'Purpose', reason: 'The holder agreed to this purpose.' })
							: failed({ check: 'statement/purpose', title: 'Purpose', reason: 'The holder agreed to another purpose.', code: 'ownership/wrong-purpose' }),
					]),
		],
	);
}

function tokenCheck(statement: OwnershipStatement, standard: TokenStandard, expected: OwnershipExpectation): ReportNode {
	const node = {
		check: 'statement/token',
		title: 'Token',
		evidence: { network: String(statement.chainId), collection: statement.collection, token: String(statement.tokenId) },
	};
	if (statement.chainId !== BigInt(expected.chainId))
		return failed({ ...node, reason: 'It is about a token on another network.', code: 'ownership/wrong-network' });
	if (!isAddressEqual(statement.collection, expected.collection) || standard !== expected.standard) {
		return failed({ ...node, reason: 'It is about a token of another collection.', code: 'ownership/wrong-collection' });
	}
	if (expected.tokenId !== undefined && statement.tokenId !== expected.tokenId) {
		return failed({ ...node, reason: 'It is about another token of the collection.', code: 'ownership/wrong-token' });
	}
	return passed({ ...node, reason: `It is about token ${displayText(String(statement.tokenId), 80)} of the collection that was asked for.` });
}

function timeCheck({ issuedAt, expiresAt }: OwnershipStatement, { now: clock, clockSkewSec = DEFAULT_SKEW }: OwnershipExpectation): ReportNode {
	const node = { check: 'statement/time', title: 'Time', evidence: { made: at(issuedAt), until: at(expiresAt) } };
	const now = BigInt(epochSeconds(clock));
	const skew = BigInt(clockSkewSec);
	if (issuedAt > now + skew) return failed({ ...node, reason: 'It claims to be made in the future.', code: 'ownership/not-yet-valid' });
	if (expiresAt + skew <= now) return failed({ ...node, reason: `It expired on ${at(expiresAt)}.`, code: 'ownership/expired' });
	if (expiresAt - issuedAt > BigInt(LIMITS.lifeSec) || expiresAt < issuedAt) {
		return failed({ ...node, reason: 'It would be good for longer than an hour.', code: 'ownership/too-long-lived' });
	}
	return passed({ ...node, reason: `It was made on ${at(issuedAt)} and has not expired.` });
}

async function blockCheck(
	{ statement, evidence }: OwnershipBundle,
	expected: OwnershipExpectation,
): Promise<{ readonly node: ReportNode; readonly header?: BlockHeader }> {
	const names = { check: 'block', title: 'Block' };
	const words = { passed: 'The block is one that you trust.', failed: 'The block cannot be trusted.' };
	const children: ReportNode[] = [];
	let header: BlockHeader;
	try {
		header = readHeader(evidence.header);
	} catch (error) {
		return { node: group({ ...names, ...words }, [failure('block/header', 'Header', error)]) };
	}
	const fits = header.hash === statement.blockHash && header.number === statement.blockNumber;
	children.push(
		fits
			? passed({
					check: 'block/header',
					title: 'Header',
					reason: 'The header is that of the block in the statement.',
					evidence: { number: String(header.number), hash: header.hash },
				})
			: failed({ check: 'block/header', title: 'Header', reason: 'The header is not that of the block in the statement.', code: 'ownership/wrong-block' }),
	);
	if (!fits) return { node: group({ ...names, ...words }, children) };
	try {
		const trusted = await expected.blocks(header.number);
		children.push(...trustChecks(trusted, header));
	} catch (error) {
		children.push(failure('block/trust', 'Known block', error));
	}
	children.push(ageCheck(header, expected));
	const node = group({ ...names, ...words }, children);
	return node.result === 'failed' ? { node } : { node, header };
}

function trustChecks(trusted: Awaited<ReturnType<BlockAuthority>>, header: BlockHeader): ReportNode[] {
	const node = { check: 'block/trust', title: 'Known block' };
	if (!same(trusted.hash, header.hash)) {
		return [failed({ ...node, reason: 'The network has another block with this number.', code: 'ownership/unknown-block' })];
	}
	const known =
		trusted.caution === undefined
			? passed({ ...node, reason: trusted.how })
			: warning({ ...node, reason: `${trusted.how} ${trusted.caution}`, code: 'ownership/block-not-checked' });
	if (trusted.final === undefined) return [known];
	const settled = { check: 'block/final', title: 'Settled' };
	return [
		known,
		trusted.final
			? passed({ ...settled, reason: 'The network will keep this block.' })
			: warning({ ...settled, reason: 'The block is so new that the network may still replace it.', code: 'ownership/not-final' }),
	];
}

function ageCheck(
	{ timestamp }: BlockHeader,
	{ now: clock, maxBlockAgeSec = DEFAULT_BLOCK_AGE, clockSkewSec = DEFAULT_SKEW }: OwnershipExpectation,
): ReportNode {
	const node = { check: 'block/age', title: 'Age of the block', evidence: { time: at(timestamp) } };
	const now = BigInt(epochSeconds(clock));
	if (timestamp + BigInt(maxBlockAgeSec) + BigInt(clockSkewSec) < now) {
		return failed({ ...node, reason: `The block is of ${at(timestamp)}: the token may have been sold since.`, code: 'ownership/stale-block' });
	}
	return passed({ ...node, reason: `The block is of ${at(timestamp)}.` });
}

interface OwnerChecks {
	readonly nodes: readonly ReportNode[];
	/** Where a contract had to be asked. */
	readonly signature?: ReportNode | undefined;
	readonly ownership?: Ownership;
}

async function ownerChecks(bundle: OwnershipBundle, header: BlockHeader, delegates: boolean): Promise<OwnerChecks> {
	const { statement, evidence } = bundle;
	const token: Token = { chainId: Number(statement.chainId), standard: bundle.standard, collection: statement.collection, tokenId: statement.tokenId };
	const read = await readState(evidence, header, token.chainId);
	if (!read.machine) return { nodes: [read.node, notChecked('owner', 'Owner')] };
	const signature = await signatureCheck(bundle, read.state, read.machine);
	const { owner } = statement;
	const { node, ownership } = await ownerCheck(read, token, owner ?? statement.holder, evidence.account, owner === undefined);
	const nodes = [read.node, node];
	if (owner !== undefined) nodes.push(await delegationCheck(read.machine, token, { owner, holder: statement.holder, delegates }));
	return { nodes, signature, ...(ownership ? { ownership } : {}) };
}

type ReadState =
	| { readonly node: ReportNode; readonly machine?: undefined }
	| { readonly node: ReportNode; readonly state: ProvenState; readonly machine: Machine };

async function readState(evidence: OwnershipEvidence, header: BlockHeader, chainId: number): Promise<ReadState> {
	const names = { check: 'state', title: 'State of the network' };
	try {
		const state = await stateFromWitness(header, evidence.accounts);
		const slots = evidence.accounts.reduce((sum, { storageProof }) => sum + storageProof.length, 0);
		const reason = 'Everything that the proof says about contracts follows from the block.';
		const node = passed({ ...names, reason, evidence: { accounts: String(evidence.accounts.length), slots: String(slots) } });
		return { node, state, machine: await loadMachine(state, chainId) };
	} catch (error) {
		return { node: failure(names.check, names.title, error) };
	}
}

async function ownerCheck(
	{ state, machine }: { readonly state: ProvenState; readonly machine: Machine },
	token: Token,
	holder: Hex,
	account: Hex | undefined,
	isHolder: boolean,
): Promise<{ readonly node: ReportNode; readonly ownership?: Ownership }> {
	const names = { check: 'owner', title: 'Owner' };
	try {
		const ownership = await establishOwner(state, machine, token, holder, account);
		const { length } = ownership.through;
		const way =
			length === 0 ? '' : length === 1 ? ', through an account that belongs to another token of theirs' : `, through ${length} accounts that belong to tokens`;
		return {
			node: passed({ ...names, reason: `By the collection’s own rules ${isHolder ? 'the holder' : holder} owned the token${way}.`, evidence: { holder } }),
			ownership,
		};
	} catch (error) {
		return { node: failure(names.check, names.title, error) };
	}
}

async function delegationCheck(
	machine: Machine,
	token: Token,
	{ owner, holder, delegates }: { readonly owner: Hex; readonly holder: Hex; readonly delegates: boolean },
): Promise<ReportNode> {
	const names = { check: 'delegation', title: 'Acting for the owner', evidence: { owner } };
	if (!delegates) {
		const reason = 'The holder does not own the token, and was only allowed to act for its owner. That was not asked for.';
		return failed({ ...names, reason, code: 'ownership/delegate' });
	}
	try {
		await establishDelegation(machine, token, owner, holder);
		return passed({ ...names, reason: 'By the registry of delegate.xyz, the owner let the holder act for it with this token.' });
	} catch (error) {
		return failure(names.check, names.title, error);
	}
}

const SIGNATURE = { check: 'signature', title: 'Holder’s signature' };
const byKey = () => passed({ ...SIGNATURE, reason: 'The holder’s key signed the statement.' });
const notSigned = () => failed({ ...SIGNATURE, reason: 'The holder did not sign this statement.', code: 'ownership/bad-signature' });

async function keySignatureCheck({ statement, signature }: OwnershipBundle): Promise<ReportNode> {
	return (await signedByKey(statement.holder, ownershipDigest(statement), signature)) ? byKey() : notSigned();
}

async function signatureCheck({ statement, signature }: OwnershipBundle, state: ProvenState, machine: Machine): Promise<ReportNode> {
	try {
		const how = await signedBy(state, machine, statement.holder, ownershipDigest(statement), signature);
		if (how === undefined) return notSigned();
		return how === 'key' ? byKey() : passed({ ...SIGNATURE, reason: 'The holder is a contract, and by its own rules it signed the statement.' });
	} catch (error) {
		return failure(SIGNATURE.check, SIGNATURE.title, error);
	}
}

async function replayCheck(
	{ nonce }: OwnershipStatement,
	before: readonly ReportNode[],
	useNonce: (nonce: Hex) => boolean | Promise<boolean>,
): Promise<ReportNode> {
	const names = { check: 'replay', title: 'Used once' };
	if (before.some(({ result }) => result === 'failed')) return notChecked(names.check, names.title);
	return (await useNonce(nonce))
		? passed({ ...names, reason: 'This answer was not used before.' })
		: failed({ ...names, reason: 'This answer was used before.', code: 'ownership/replayed' });
}

/**
 * Checks evidence alone, for those who bind it to something else than a statement.
 * @param blockHash that the caller trusts
 * @throws OwnershipError, HoldfastError chain/bad-header
 */
export async function checkEvidence(
	evidence: OwnershipEvidence,
	blockHash: Hex,
	token: Token,
	holder: Hex,
): Promise<{ readonly header: BlockHeader; readonly ownership: Ownership }> {
	const header = readHeader(evidence.header);
	if (!same(header.hash, blockHash)) throw new OwnershipError('ownership/wrong-block', 'The header is not that of the block that was expected.');
	const state = await stateFromWitness(header, evidence.accounts);
	const machine = await loadMachine(state, token.chainId);
	return { header, ownership: await establishOwner(state, machine, token, holder, evidence.account) };
}
