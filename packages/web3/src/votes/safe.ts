import { failed, group, passed, type ReportNode, skipped, warning } from '@holdfast/kernel';
import { type Address, concat, encodeFunctionData, type Hex, isAddressEqual, numberToHex, type PublicClient, size, zeroAddress } from 'viem';
import { type Action, decodeActions, isBatch, type Names, ProposalError, sentence } from '../proposals/index.ts';
import { type Domain, digestOf, domainSeparator, type Message, typedData } from '../typed-data/index.ts';
import { EXECUTION_FAILURE, EXECUTION_SUCCESS, MULTI_SEND, SAFE } from './abis.ts';
import type { Choice, ContractRef, CountCheck, Proposal, ProposalCall, ProposalState, ProposalSummary, RelayCall, VoteAdapter } from './adapter.ts';
import { VoteError } from './errors.ts';
import { latestBlock, lookbackFrom, searchLogs } from './logs.ts';
import { assertVotable, closedWords, countCheck, noSuchDao, noSuchProposal, type OnChainDraft, oneOption, unknownDomain } from './on-chain.ts';
import { type ChainAccess, clientOf, kindOfAccount, maybe, read } from './reads.ts';
import { addSignature, mergeSafeFiles, packSignatures, type SafeFile, safeOf } from './safe-file.ts';
import type { SafeService } from './safe-service.ts';
import { safeVote } from './safe-vote.ts';
import { askContract, signerOf } from './signatures.ts';

/** Where the transactions of a Safe wait for their owners' signatures: files, or a service. Safes themselves know no proposals. */
export interface SafeQueue {
	list(safe: ContractRef): Promise<readonly SafeFile[]>;
	/** By the hash of the transaction, which is the digest that owners sign. */
	find(safe: ContractRef, digest: Hex): Promise<SafeFile | undefined>;
	/** Keeps the file in place of the one with the same hash. */
	put(safe: ContractRef, file: SafeFile): Promise<void>;
}

export interface SafeAccess extends ChainAccess {
	readonly queue: SafeQueue;
	/** Where this Safe's owners leave their signatures for each other, if they use one. */
	readonly service?: (safe: ContractRef) => SafeService | undefined;
}

/** A Safe's own view of itself. */
export interface SafeFacts {
	readonly version: string;
	readonly domain: Domain;
	readonly owners: readonly Address[];
	readonly threshold: number;
	/** The counter of the next transaction. */
	readonly nonce: bigint;
	/** Contracts that can act as the Safe without any owner's signature; at most ten are told. */
	readonly modules: readonly Address[];
}

export interface SafeAdapter extends VoteAdapter<ContractRef> {
	readonly system: 'safe';
	draft(ref: ContractRef, proposal: Proposal, input: { readonly voter: Address; readonly choice: Choice; readonly reason: string }): Promise<OnChainDraft>;
	/** @throws VoteError vote/no-such-dao, vote/unknown-domain for a Safe before 1.3 */
	facts(ref: ContractRef): Promise<SafeFacts>;
	/**
	 * A transaction for the owners to sign. Several calls go through `multiSend`, a MultiSend contract that the user or the network's
	 * list names: the Safe runs its code as itself.
	 */
	transaction(ref: ContractRef, calls: readonly ProposalCall[], options?: { readonly nonce?: bigint; readonly multiSend?: Address }): Promise<SafeFile>;
	/**
	 * Takes what waits at the owners' service into the queue, beside what is there. The service learns the Safe.
	 * @throws VoteError vote/no-service, and those of {@link SafeService.waiting}
	 */
	collect(ref: ContractRef): Promise<Collected>;
	/** Leaves an owner's signature of a transaction or message of the queue at the service. @throws VoteError vote/no-service, and those of {@link SafeService.confirm} */
	leave(ref: ContractRef, id: string, owner: Address): Promise<void>;
	/** The transaction that makes the Safe carry out a file whose signatures are enough. @throws VoteError vote/too-few-signatures, vote/not-open */
	execution(file: SafeFile): Promise<RelayCall>;
	/** The signature of the Safe itself, as EIP-1271 takes it, once its owners' are enough and the Safe agrees. @throws VoteError vote/too-few-signatures, vote/bad-signature */
	contractSignature(file: SafeFile): Promise<Hex>;
}

/** What {@link SafeAdapter.collect} found, in numbers. */
export interface Collected {
	readonly transactions: number;
	/** Votes on Snapshot in the Safe's name that can still be handed in. */
	readonly votes: number;
	readonly refused: number;
	readonly signaturesLeftOut: number;
}

const APPROVE = [{ value: 1, label: 'Approve' }] as const;
/** Start of the Safe's linked list of modules. */
const SENTINEL: Address = '0x0000000000000000000000000000000000000001';
/** What the words of actions know by themselves: nothing, so that they give whole addresses. */
const NO_NAMES: Names = { nameOf: () => null, tokenAt: () => null, currency: 'ETH' };

/** Safe 1.3 and later: transactions that so many owners approve, with signatures that are collected in files. */
export function createSafeAdapter(access: SafeAccess): SafeAdapter {
	const { queue } = access;

	async function open(ref: ContractRef): Promise<{ readonly client: PublicClient; readonly safe: SafeFacts }> {
		const client = await clientOf(access, ref);
		return { client, safe: await readSafe(client, ref) };
	}

	function serviceOf(ref: ContractRef): SafeService {
		const service = access.service?.(ref);
		if (!service) throw new VoteError('vote/no-service', 'No transaction service is set for this Safe. Owners hand each other files.');
		return service;
	}

	async function keep(ref: ContractRef, file: SafeFile): Promise<SafeFile> {
		const before = await queue.find(ref, digestOf(file.typedData));
		const all = before === undefined ? file : mergeSafeFiles(before, file);
		await queue.put(ref, all);
		return all;
	}

	async function findAny(ref: ContractRef, id: string): Promise<SafeFile> {
		const file = /^0x[0-9a-f]{64}$/.test(id) ? await queue.find(ref, id as Hex) : undefined;
		// Whatever keeps the files is not believed about which file it is.
		if (!file || digestOf(file.typedData) !== id || !sameSafe(safeOf(file), ref)) throw noSuchProposal();
		return file;
	}

	async function find(ref: ContractRef, id: string): Promise<SafeFile> {
		const file = await findAny(ref, id);
		if (file.typedData.struct !== 'safe-tx') throw noSuchProposal();
		return file;
	}

	return {
		system: 'safe',
		context: ({ chainId, contract }) => ({ kind: 'dao', chainId, contract }),
		facts: async (ref) => (await open(ref)).safe,

		async describe(ref) {
			const { safe } = await open(ref);
			return {
				// Safes have no names. The whole address stands where the Safe is placed.
				name: `Safe ${ref.contract.slice(0, 8)}…${ref.contract.slice(-6)}`,
				facts: [
					{ label: 'Kind', value: `Safe ${safe.version}` },
					{ label: 'Approvals needed', value: `${safe.threshold} of ${safe.owners.length} owners` },
					{
						label: 'Acts without owners',
						value: safe.modules.length === 0 ? 'No contract can' : `${safe.modules.join(', ')} can act as the Safe without any owner’s approval`,
					},
				],
				allowances: () => [
					{ struct: 'safe-tx', domain: safe.domain, pins: {} },
					{ struct: 'safe-message', domain: safe.domain, pins: {} },
				],
				power: { words: 'Being one of its owners. The owners decide who is.' },
			};
		},

		async proposals(ref, { open: onlyOpen, first }): Promise<readonly ProposalSummary[]> {
			const { client, safe } = await open(ref);
			const summaries: ProposalSummary[] = [];
			const files = (await queue.list(ref)).filter(({ typedData: { struct } }) => struct === 'safe-tx');
			const newest = [...files].sort((a, b) => (nonceOf(a) < nonceOf(b) ? 1 : -1));
			for (const file of newest) {
				if (summaries.length >= first) break;
				const state = await stateOf(access, client, ref, safe, file);
				if (onlyOpen && state !== 'open') continue;
				summaries.push({ id: digestOf(file.typedData), title: titleOfFile(file), state, startsAt: null, endsAt: null });
			}
			return summaries;
		},

		async proposal(ref, id): Promise<Proposal> {
			const { client, safe } = await open(ref);
			const file = await find(ref, id);
			const state = await stateOf(access, client, ref, safe, file);
			const signatures = await Promise.all(file.signatures.map((signature) => signatureNode(client, safe, file, signature)));
			const valid = signatures.filter(({ result }) => result === 'passed').length;
			const origin = await hashNode(client, ref, file);
			const order = orderNode(safe, file, await queue.list(ref));
			return {
				id,
				title: titleOfFile(file),
				body: '',
				author: '',
				state,
				startsAt: null,
				endsAt: null,
				ends: 'when it is carried out, or another with the same counter is',
				voting: 'one',
				options: APPROVE,
				secretUntilClose: false,
				takesReason: false,
				calls: [callOf(file.typedData.message)],
				executor: { address: ref.contract, madeIn: null },
				report: group(
					{ check: 'proposal', title: 'Where this transaction comes from', passed: 'It is one that this Safe would take.', failed: 'It cannot be relied on.' },
					[origin, ...(state === 'open' ? [order] : []), ...signatures],
				),
				tally: [{ value: 1, power: `${valid} of ${safe.threshold}` }],
				obstacle: closedWords(state) ?? (origin.result === 'failed' ? origin.reason : null),
			};
		},

		async standing(ref, { id }, voter) {
			const { client, safe } = await open(ref);
			const file = await find(ref, id);
			const isOwner = safe.owners.some((owner) => isAddressEqual(owner, voter));
			const signed = file.signatures.some(({ owner }) => isAddressEqual(owner, voter));
			return {
				power: isOwner ? '1' : '0',
				voted: signed ? 'Approved' : null,
				obstacle: closedWords(await stateOf(access, client, ref, safe, file)) ?? (isOwner ? null : notAnOwner().message),
			};
		},

		async draft(ref, shown, { voter, choice }) {
			const { safe } = await open(ref);
			assertVotable(shown);
			oneOption(choice, shown.options);
			if (!safe.owners.some((owner) => isAddressEqual(owner, voter))) throw notAnOwner();
			const { typedData: data } = await find(ref, shown.id);
			return {
				typedData: data,
				words: { id: shown.id, title: shown.title, options: shown.options, voting: shown.voting },
				actions: actionWords(data.message),
				warnings: [
					'The approval has no expiry: it counts until a transaction with this counter is carried out. To take it back, the Safe has to carry out another.',
				],
			};
		},

		/** Puts the signature into the queue, and leaves it at the owners' service. It is not on the chain before {@link SafeAdapter.execution} is. */
		async submit(ref, { typedData: data, signer, signature }) {
			const { safe } = await open(ref);
			const file = await find(ref, digestOf(data));
			const signed = await addSignature(file, { owner: signer, signature });
			if (!safe.owners.some((owner) => isAddressEqual(owner, signer))) throw notAnOwner();
			await queue.put(ref, mergeSafeFiles(file, signed));
			await access.service?.(ref)?.confirm(signed, { owner: signer, signature, byContract: false });
			return { id: digestOf(data), ipfs: null, relayer: null };
		},

		async check(ref, { proposalId, signer }): Promise<CountCheck> {
			const { client, safe } = await open(ref);
			const file = await find(ref, proposalId);
			const state = await stateOf(access, client, ref, safe, file);
			const leaf = { check: 'vote/counted', title: 'Taken by the Safe' };
			if (state === 'executed') return countCheck('counted', passed({ ...leaf, reason: 'The Safe has carried out this transaction.' }));
			if (state === 'failed') {
				return countCheck(
					'counted',
					warning({ ...leaf, code: 'vote/failed', reason: 'The Safe has carried out this transaction, and what it calls has failed.' }),
				);
			}
			if (state === 'closed') {
				const reason = 'The Safe has carried out another transaction with this counter, so that this one no longer counts.';
				return countCheck('not-counted', failed({ ...leaf, code: 'vote/counter-passed', reason }));
			}
			const there = file.signatures.some(({ owner }) => isAddressEqual(owner, signer));
			const reason = `${file.signatures.length} of ${safe.threshold} owners have signed${there ? ', you among them' : ', you not among them'}. It is not carried out yet.`;
			return countCheck('unknown', skipped({ ...leaf, code: 'vote/not-sent', reason }));
		},

		async collect(ref) {
			const { safe } = await open(ref);
			const service = serviceOf(ref);
			const transactions = await service.waiting(ref, safe.nonce);
			const messages = await service.votes(ref);
			const current = messages.files.filter((file) => safeVote(file).until > access.clock.now());
			// A file with a stranger's signature would be refused by the next owner who is handed it.
			const votes = current.map((file) => ({
				...file,
				signatures: file.signatures.filter(({ owner }) => safe.owners.some((each) => isAddressEqual(each, owner))),
			}));
			const strangers = current.reduce((sum, { signatures }, index) => sum + signatures.length - (votes[index]?.signatures.length ?? 0), 0);
			for (const file of [...transactions.files, ...votes]) await keep(ref, file);
			return {
				transactions: transactions.files.length,
				votes: votes.length,
				refused: transactions.refused + messages.refused,
				signaturesLeftOut: transactions.signaturesLeftOut + messages.signaturesLeftOut + strangers,
			};
		},

		async leave(ref, id, owner) {
			const service = serviceOf(ref);
			const file = await findAny(ref, id);
			const own = file.signatures.find((each) => isAddressEqual(each.owner, owner));
			if (!own) throw new VoteError('vote/not-signed', 'This account has not signed it. Approve it first.');
			await service.confirm(file, own);
		},

		async transaction(ref, calls, { nonce, multiSend } = {}) {
			const { safe } = await open(ref);
			const [first, ...more] = calls;
			if (!first) throw new VoteError('vote/bad-choice', 'A transaction needs at least one call.');
			if (more.length > 0 && multiSend === undefined) throw new VoteError('vote/not-supported', 'Several calls in one transaction need a MultiSend contract.');
			const { target, value, data, operation } = more.length === 0 || multiSend === undefined ? first : batch(multiSend, calls);
			const message = {
				to: target,
				value,
				data,
				operation: operation ?? 0,
				// The Safe pays nobody back: whoever sends it pays.
				safeTxGas: 0n,
				baseGas: 0n,
				gasPrice: 0n,
				gasToken: zeroAddress,
				refundReceiver: zeroAddress,
				nonce: nonce ?? safe.nonce,
			};
			return { typedData: typedData('safe-tx', safe.domain, message), signatures: [] };
		},

		async execution(file) {
			const ref = safeOf(file);
			const { client, safe } = await open(ref);
			if (file.typedData.struct !== 'safe-tx') throw new VoteError('vote/not-supported', 'A message is not carried out.');
			if (nonceOf(file) !== safe.nonce) {
				throw new VoteError('vote/not-open', 'The Safe carries out its transactions in order, and this one is not the next.', {
					state: nonceOf(file) < safe.nonce ? 'closed' : 'pending',
				});
			}
			const valid = await validSignatures(client, safe, file);
			return { chainId: ref.chainId, to: ref.contract, data: executeCall(file.typedData.message, packSignatures(valid, safe)) };
		},

		async contractSignature(file) {
			const ref = safeOf(file);
			const { client, safe } = await open(ref);
			const { about, typedData: data } = file;
			if (data.struct !== 'safe-message') throw new VoteError('vote/not-supported', 'This is a transaction, not a message.');
			const signature = packSignatures(await validSignatures(client, safe, file), safe);
			// Where it is asked with the bytes, as an owner of another Safe, that Safe asks when it is tried out.
			const asked = about === undefined ? (data.message.message as Hex) : digestOf(about);
			if (data.message.message === asked && !(await askContract(client, ref.contract, asked, signature))) {
				throw new VoteError('vote/bad-signature', 'The Safe does not take these signatures. It may have no handler for messages.', { reason: 'refused' });
			}
			return signature;
		},
	};
}

const notAnOwner = (): VoteError => new VoteError('vote/not-an-owner', 'This account is not one of the Safe’s owners.');

const sameSafe = (a: ContractRef, b: ContractRef): boolean => a.chainId === b.chainId && isAddressEqual(a.contract, b.contract);

async function readSafe(client: PublicClient, ref: ContractRef): Promise<SafeFacts> {
	const at = { address: ref.contract, abi: SAFE } as const;
	const [version, nonce, threshold, owners, separator, modules] = await Promise.all([
		maybe(client, { ...at, functionName: 'VERSION' }),
		maybe(client, { ...at, functionName: 'nonce' }),
		maybe(client, { ...at, functionName: 'getThreshold' }),
		maybe(client, { ...at, functionName: 'getOwners' }),
		maybe(client, { ...at, functionName: 'domainSeparator' }),
		maybe(client, { ...at, functionName: 'getModulesPaginated', args: [SENTINEL, 10n] }),
	]);
	if (version === undefined || nonce === undefined || !threshold || !owners) throw noSuchDao('Safe');
	const domain: Domain = { chainId: ref.chainId, verifyingContract: ref.contract };
	// Before 1.3 the domain had no chain, so that a signature counted on every chain.
	if (separator !== domainSeparator(domain)) throw unknownDomain();
	return { version: version.slice(0, 20), domain, owners, threshold: Number(threshold), nonce, modules: modules?.[0] ?? [] };
}

const nonceOf = ({ typedData: { message } }: SafeFile): bigint => BigInt(String(message.nonce));

async function stateOf(access: ChainAccess, client: PublicClient, { contract }: ContractRef, safe: SafeFacts, file: SafeFile): Promise<ProposalState> {
	if (nonceOf(file) >= safe.nonce) return 'open';
	const latest = await latestBlock(client);
	const range = { address: contract, args: { txHash: digestOf(file.typedData) }, from: lookbackFrom(latest, access.search), to: latest } as const;
	const [success, failure] = await Promise.all([
		searchLogs(client, { ...range, event: EXECUTION_SUCCESS }, (found) => found.length > 0, access.search),
		searchLogs(client, { ...range, event: EXECUTION_FAILURE }, (found) => found.length > 0, access.search),
	]);
	return success.length > 0 ? 'executed' : failure.length > 0 ? 'failed' : 'closed';
}

const callOf = (message: Message): ProposalCall => ({
	target: message.to as Address,
	value: BigInt(String(message.value)),
	data: message.data as Hex,
	operation: message.operation === 1 ? 1 : 0,
});

/** What a transaction does, in words, each call of a batch by itself. */
export function actionWords(message: Message): readonly string[] {
	const { target, value, data, operation } = callOf(message);
	const action: Action = { to: target, value, data, operation: operation === 1 ? 'delegatecall' : 'call' };
	return decodeActions([action]).flatMap((decoded) => (isBatch(decoded) ? decoded.inside : [decoded]).map((each) => sentence(each, NO_NAMES)));
}

function titleOfFile({ typedData: { message } }: SafeFile): string {
	let words: readonly string[];
	try {
		words = actionWords(message);
	} catch (error) {
		// One such file must not hide the others. It is refused when it is to be signed.
		if (error instanceof ProposalError) return `Transaction ${String(message.nonce)}, which is too large to read`;
		throw error;
	}
	const [first = '', ...more] = words;
	return more.length === 0 ? first : `${first} And ${more.length} more.`;
}

/** MultiSend's packed calls: operation (1 byte), to (20), value (32), length (32), data. */
function batch(multiSend: Address, calls: readonly ProposalCall[]): ProposalCall {
	const packed = concat(
		calls.flatMap(({ operation, target, value, data }) => [
			numberToHex(operation ?? 0, { size: 1 }),
			target,
			numberToHex(value, { size: 32 }),
			numberToHex(size(data), { size: 32 }),
			data,
		]),
	);
	return { target: multiSend, value: 0n, data: encodeFunctionData({ abi: MULTI_SEND, functionName: 'multiSend', args: [packed] }), operation: 1 };
}

type TransactionMembers = readonly [Address, bigint, Hex, number, bigint, bigint, bigint, Address, Address];

function membersOf(m: Message): TransactionMembers {
	const big = (value: unknown) => BigInt(String(value));
	return [
		m.to as Address,
		big(m.value),
		m.data as Hex,
		m.operation as number,
		big(m.safeTxGas),
		big(m.baseGas),
		big(m.gasPrice),
		m.gasToken as Address,
		m.refundReceiver as Address,
	];
}

const executeCall = (message: Message, signatures: Hex): Hex =>
	encodeFunctionData({ abi: SAFE, functionName: 'execTransaction', args: [...membersOf(message), signatures] });

async function hashNode(client: PublicClient, { contract }: ContractRef, file: SafeFile): Promise<ReportNode> {
	const leaf = { check: 'proposal/content', title: 'Transaction' };
	const { message } = file.typedData;
	const hash = await read(client, { address: contract, abi: SAFE, functionName: 'getTransactionHash', args: [...membersOf(message), nonceOf(file)] });
	if (hash !== digestOf(file.typedData)) {
		return failed({ ...leaf, code: 'vote/other-content', reason: 'The Safe would have something else signed for this transaction.' });
	}
	return passed({ ...leaf, reason: 'What is signed is what the Safe asks its owners to sign for this transaction.' });
}

/** Transactions are carried out in the order of their counters, and each counter once. */
function orderNode(safe: SafeFacts, file: SafeFile, all: readonly SafeFile[]): ReportNode {
	const leaf = { check: 'proposal/order', title: 'Its turn' };
	const nonce = nonceOf(file);
	const rivals = all.filter(
		(each) => each.typedData.struct === 'safe-tx' && nonceOf(each) === nonce && digestOf(each.typedData) !== digestOf(file.typedData),
	).length;
	if (rivals > 0) {
		const reason = `${rivals === 1 ? 'Another transaction' : `${rivals} other transactions`} with the same counter wait${rivals === 1 ? 's' : ''} here. Only the one that is carried out first counts.`;
		return warning({ ...leaf, code: 'vote/same-counter', reason });
	}
	const before = nonce - safe.nonce;
	return passed({
		...leaf,
		reason:
			before === 0n
				? 'It is the next one that the Safe would carry out.'
				: `${before} ${before === 1n ? 'transaction has' : 'transactions have'} to be carried out before it.`,
	});
}

async function isValid(
	client: PublicClient,
	safe: SafeFacts,
	{ typedData: data }: SafeFile,
	{ owner, signature, byContract }: SafeFile['signatures'][number],
): Promise<boolean> {
	if (!safe.owners.some((each) => isAddressEqual(each, owner))) return false;
	// A contract that owns a Safe is asked by the Safe, when the transaction is tried out.
	if (byContract) return (await kindOfAccount(client, owner)) === 'contract';
	return isAddressEqual(await signerOf(digestOf(data), signature), owner);
}

async function validSignatures(client: PublicClient, safe: SafeFacts, file: SafeFile): Promise<SafeFile> {
	const valid = await Promise.all(file.signatures.map((signature) => isValid(client, safe, file, signature)));
	return { ...file, signatures: file.signatures.filter((_, index) => valid[index]) };
}

async function signatureNode(client: PublicClient, safe: SafeFacts, file: SafeFile, signature: SafeFile['signatures'][number]): Promise<ReportNode> {
	const leaf = { check: 'proposal/signature', title: `Signature of ${signature.owner}` };
	if (await isValid(client, safe, file, signature)) return passed({ ...leaf, reason: 'It is that of an owner.' });
	return warning({ ...leaf, code: 'vote/not-an-owner', reason: 'It is not that of an owner, and does not count.' });
}
