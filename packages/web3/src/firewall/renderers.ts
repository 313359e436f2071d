import { displayText } from '@holdfast/kernel';
import { hexToBigInt, sliceHex, zeroAddress } from 'viem';
import { groupIdOf } from '../ownership/linked/owner-set.ts';
import type { Domain, Message, StructId } from '../typed-data/index.ts';
import { choiceWords, jsonChoice, optionLabel, shares } from './choices.ts';
import { SigningRefused } from './errors.ts';
import type { ProposalWords, ReviewLine, ReviewRequest, VoteAccount } from './review.ts';

export interface RenderInput {
	readonly account: VoteAccount;
	readonly domain: Domain;
	readonly message: Message;
	readonly request: ReviewRequest;
	/** Milliseconds since the epoch. */
	readonly now: number;
	/** For a Safe's message: what it is about, in its own words. */
	readonly inner?: Rendered;
}

export interface Rendered {
	readonly sentence: string;
	readonly lines: readonly ReviewLine[];
	readonly warnings: readonly string[];
}

const MAX_TITLE = 300;
const MAX_REASON = 2000;
const LONG_EXPIRY_MS = 30 * 86_400_000;
const MAX_VERIFIER = 2048;
const LONG_PROOF_MS = 3_600_000;
const LONG_LINK_MS = 366 * 86_400_000;
const FRACTIONAL = 255;

/** One renderer for each struct: what cannot be put into words here cannot be signed. */
export const renderers: Readonly<Record<StructId, (input: RenderInput) => Rendered>> = {
	'snapshot-vote-single': (input) => snapshotVote(input, (proposal) => plainOnly(proposal, input.message.choice)),
	'snapshot-vote-array': (input) => snapshotVote(input, (proposal) => plainOnly(proposal, input.message.choice)),
	'snapshot-vote-string': (input) =>
		snapshotVote(input, (proposal) => {
			const text = String(input.message.choice);
			if (!proposal.secretUntilClose) return plainOnly(proposal, jsonChoice(text));
			// What the ciphertext holds is known only where it was made in this process.
			if (!/^0x(?:[0-9a-f]{2})+$/.test(text) || input.request.plainChoice === undefined) throw new SigningRefused('signing/no-words', { field: 'choice' });
			if (input.message.reason !== '') throw new SigningRefused('signing/hidden-content', { field: 'reason' });
			return choiceWords(proposal, jsonChoice(input.request.plainChoice));
		}),
	'snapshot-alias': (input) => ({
		sentence: `Let a session key vote for this account in ${daoName(input)}`,
		lines: [
			dao(input),
			line('Account', input.message.from),
			line('Session key', input.message.alias),
			dated(input),
			line('Valid', 'Until you revoke it; Snapshot ends it by itself after 90 days'),
		],
		warnings: [
			'Until then the session key can also make and change proposals and your profile on Snapshot in the name of this account.',
			'Anybody can see that the session key acts for this account. It protects the account’s key and hides nothing.',
		],
	}),
	'snapshot-revoke-alias': (input) => ({
		sentence: `End a session key of this account in ${daoName(input)}`,
		lines: [dao(input), line('Account', input.message.from), line('Session key', input.message.alias), dated(input)],
		warnings: [],
	}),
	'snapshot-x-vote': (input) => {
		const strategies = input.message.userVotingStrategies as readonly { readonly index: number; readonly params: string }[];
		if (input.message.voteMetadataURI !== '' || strategies.some(({ params }) => params !== '0x'))
			throw new SigningRefused('signing/hidden-content', { field: 'params' });
		return contractVote(
			input,
			supportWords,
			[line('Power counted by', `Strategies ${strategies.map(({ index }) => index).join(', ') || 'none'}`)],
			NO_EXPIRY_ONCE,
		);
	},
	'governor-ballot': (input) => contractVote(input, supportWords, [counter(input)], NO_EXPIRY_COUNTER),
	'governor-extended-ballot': (input) => contractVote(input, extendedWords, [...powerUsed(input.message), reason(input), counter(input)], NO_EXPIRY_COUNTER),
	'governor-override-ballot': (input) => {
		const rendered = contractVote(input, supportWords, [reason(input), counter(input)], NO_EXPIRY_COUNTER);
		return { ...rendered, warnings: [...rendered.warnings, 'This takes your own share back out of what your delegate has voted.'] };
	},
	'bravo-ballot': (input) => contractVote(input, supportWords, [], NO_EXPIRY_ONCE),
	'alpha-ballot': (input) => contractVote(input, boolWords, [], NO_EXPIRY_ONCE),
	'baal-vote': (input) => contractVote(input, boolWords, [counter(input)], expiry(input)),
	delegation: (input) => delegation(input),
	'baal-delegation': (input) => delegation(input),
	'safe-tx': (input) => {
		const { operation, safeTxGas, baseGas, gasPrice, refundReceiver, gasToken, to, value, data } = input.message;
		if (gasPrice !== '0' || refundReceiver !== zeroAddress || gasToken !== zeroAddress) throw new SigningRefused('signing/no-words', { field: 'gasPrice' });
		// With gas of its own, whoever sends it could have it fail inside, and the approvals would be used up.
		if (safeTxGas !== '0' || baseGas !== '0') throw new SigningRefused('signing/no-words', { field: 'safeTxGas' });
		if (operation !== 0 && operation !== 1) throw new SigningRefused('signing/no-words', { field: 'operation' });
		return {
			sentence: `Approve a transaction of ${daoName(input)}`,
			lines: [
				dao(input),
				...actionLines(input),
				line('Called contract', to),
				line('Ether sent, in wei', value),
				line('Call data', `${String(data).length / 2 - 1} bytes`),
				line('Signer', input.account.address),
				counter(input),
				NO_EXPIRY_COUNTER.line,
			],
			warnings: [
				...(operation === 1
					? ['This runs foreign code as the Safe itself (a delegate call). It can do anything that the Safe can, whatever the words above say.']
					: []),
				...NO_EXPIRY_COUNTER.warnings,
			],
		};
	},
	'safe-message': (input) => {
		const { inner } = input;
		if (!inner) throw new SigningRefused('signing/no-words', { field: 'message' });
		const { chainId, verifyingContract } = input.domain;
		return {
			sentence: `${inner.sentence}, in the name of ${daoName(input)}`,
			lines: [...inner.lines, line('In the name of', `Safe ${verifyingContract} on chain ${chainId}`), line('Signer', input.account.address)],
			warnings: [...inner.warnings, 'It counts once enough owners of the Safe have signed the same. Your signature cannot be taken back.'],
		};
	},
	'nft-ownership': ownership,
	'nft-delegate': ownership,
	'link-identity': linkIdentity,
};

const line = (label: string, value: unknown): ReviewLine => ({ label, value: String(value) });
const daoName = ({ account }: RenderInput): string => displayText(account.dao, 120);

function dao(input: RenderInput): ReviewLine {
	const { chainId, verifyingContract } = input.domain;
	const where =
		verifyingContract === undefined
			? `Snapshot space ${String(input.message.space ?? ('space' in input.account.context ? input.account.context.space : ''))}`
			: `contract ${verifyingContract} on chain ${chainId}`;
	return line('DAO', `${daoName(input)} (${where})`);
}

const dated = ({ message }: RenderInput): ReviewLine => line('Dated', utc(Number(message.timestamp) * 1000));
const counter = ({ message }: RenderInput): ReviewLine => line('Counter', message.nonce);
const reason = ({ message }: RenderInput): ReviewLine =>
	line('Reason', message.reason === '' ? 'None given' : shownWhole(String(message.reason), 'reason', MAX_REASON));

const utc = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'never');

/** Text that is signed as it is shown: what display would change is refused instead. */
function shownWhole(text: string, field: string, max: number): string {
	const shown = displayText(text, max);
	if (shown !== text.replace(/\s+/g, ' ').trim()) throw new SigningRefused('signing/hidden-content', { field });
	return shown;
}

function proposalOf({ request }: RenderInput, id: unknown): ProposalWords {
	const { proposal } = request;
	if (!proposal) throw new SigningRefused('signing/no-words', { field: 'proposal' });
	if (proposal.id !== String(id)) throw new SigningRefused('signing/other-proposal');
	return proposal;
}

const title = ({ title: text, id }: ProposalWords): string => displayText(text, MAX_TITLE) || `Proposal ${displayText(id, 80)}`;

function plainOnly(proposal: ProposalWords, choice: unknown): string {
	// A plain choice where a secret one was announced would show what the person believes hidden.
	if (proposal.secretUntilClose) throw new SigningRefused('signing/not-an-option');
	return choiceWords(proposal, choice);
}

function snapshotVote(input: RenderInput, words: (proposal: ProposalWords) => string): Rendered {
	const { message } = input;
	const proposal = proposalOf(input, message.proposal);
	// Snapshot shows it to nobody, and it goes into the signature.
	if (message.metadata !== '' && message.metadata !== '{}') throw new SigningRefused('signing/hidden-content', { field: 'metadata' });
	const choice = words(proposal);
	return {
		sentence: `Vote ${choice} on “${title(proposal)}”`,
		lines: [
			dao(input),
			line('Proposal', title(proposal)),
			line('Your choice', choice),
			line('Voter', message.from),
			...(message.from === input.account.address ? [] : [line('Signed by session key', input.account.address)]),
			reason(input),
			dated(input),
			line('Application named', shownWhole(String(message.app), 'app', 80) || 'None'),
			line('Valid', 'Until the vote closes: it has no expiry of its own. You can vote again until then, and the later vote counts'),
			line('Proposal id', proposal.id),
		],
		warnings: proposal.secretUntilClose ? ['That you voted is public at once. What you voted becomes public when the vote closes.'] : [],
	};
}

interface Validity {
	readonly line: ReviewLine;
	readonly warnings: readonly string[];
}

const NO_EXPIRY_COUNTER: Validity = {
	line: line('Valid', 'It has no expiry: until the vote closes, or until this account uses the counter otherwise'),
	warnings: ['Whoever has this signature can hand it in, or hold it back, until then.'],
};
const NO_EXPIRY_ONCE: Validity = {
	line: line('Valid', 'It has no expiry: until the vote closes. It counts once and cannot be changed'),
	warnings: ['Whoever has this signature can hand it in, or hold it back, until then.'],
};

function expiry({ message, now }: RenderInput): Validity {
	// A number above what a date can hold stands for "never".
	const ms = Number(message.expiry) * 1000;
	if (ms <= now) throw new SigningRefused('signing/expired', { field: 'expiry' });
	return {
		line: line('Valid', ms > 8.64e15 ? 'For ever: its expiry lies beyond any date' : `Until ${utc(ms)}`),
		warnings: ms - now > LONG_EXPIRY_MS ? ['This stays valid for more than 30 days. Whoever has the signature can hand it in until then.'] : [],
	};
}

function contractVote(
	input: RenderInput,
	words: (proposal: ProposalWords, message: Message) => string,
	more: readonly ReviewLine[],
	validity: Validity,
): Rendered {
	const proposal = proposalOf(input, input.message.proposalId);
	const choice = words(proposal, input.message);
	return {
		sentence: `Vote ${choice} on “${title(proposal)}”`,
		lines: [
			dao(input),
			line('Proposal', title(proposal)),
			line('Your choice', choice),
			line('Voter', input.message.voter ?? input.account.address),
			...more,
			validity.line,
			line('Proposal id', proposal.id),
		],
		warnings: validity.warnings,
	};
}

const supportWords = (proposal: ProposalWords, message: Message): string => optionLabel(proposal, Number(message.support ?? message.choice));
const boolWords = (proposal: ProposalWords, { support }: Message): string => optionLabel(proposal, support === true ? 1 : 0);

/** OpenZeppelin GovernorCountingFractional: `params` is three packed uint128, in the order Against, For, Abstain. */
function fractions(message: Message): bigint[] {
	const params = String(message.params) as `0x${string}`;
	if (params.length !== 2 + 96) throw new SigningRefused('signing/no-words', { field: 'params' });
	return [0, 16, 32].map((start) => hexToBigInt(sliceHex(params, start, start + 16)));
}

function extendedWords(proposal: ProposalWords, message: Message): string {
	if (message.support === FRACTIONAL)
		return shares(
			proposal,
			fractions(message).map((amount, option) => [option, Number(amount)]),
		);
	if (message.params !== '0x') throw new SigningRefused('signing/hidden-content', { field: 'params' });
	return supportWords(proposal, message);
}

/** What is not used of one's power can be used by another vote later. */
const powerUsed = (message: Message): ReviewLine[] =>
	message.support === FRACTIONAL
		? [
				line(
					'Power used, in the token’s smallest unit',
					fractions(message).reduce((sum, amount) => sum + amount, 0n),
				),
			]
		: [];

function delegation(input: RenderInput): Rendered {
	const { delegatee } = input.message;
	const validity = expiry(input);
	const self = delegatee === input.account.address;
	const sentence =
		delegatee === zeroAddress
			? `Take back your voting power in ${daoName(input)}`
			: self
				? `Use your own voting power in ${daoName(input)}`
				: `Let ${String(delegatee)} vote with your power in ${daoName(input)}`;
	return {
		sentence,
		lines: [
			dao(input),
			line('Delegate', delegatee === zeroAddress ? 'Nobody' : self ? `This account, ${String(delegatee)}` : delegatee),
			line('Holder', input.account.address),
			counter(input),
			validity.line,
		],
		warnings: [
			...validity.warnings,
			...(self || delegatee === zeroAddress ? [] : ['Anybody can see on the chain that this account delegates to this address.']),
		],
	};
}

function ownership(input: RenderInput): Rendered {
	const { message, account, now } = input;
	const collection = displayText(account.dao, 120);
	const until = Number(message.expiresAt) * 1000;
	if (until <= now) throw new SigningRefused('signing/expired', { field: 'expiresAt' });
	const { owner } = message;
	return {
		sentence:
			owner === undefined
				? `Prove that you own token ${String(message.tokenId)} of ${collection}`
				: `Prove that you may act for the owner of token ${String(message.tokenId)} of ${collection}`,
		lines: [
			line('Collection', `${collection} (contract ${String(message.collection)} on chain ${String(message.chainId)})`),
			line('Token', message.tokenId),
			...(owner === undefined ? [line('Owner', message.holder)] : [line('Owner', owner), line('Acting for it', message.holder)]),
			line('Shown to', shownWhole(String(message.verifier), 'verifier', MAX_VERIFIER)),
			line('For', message.purpose === '' ? 'They give no reason' : shownWhole(String(message.purpose), 'purpose', MAX_TITLE)),
			line('As of block', message.blockNumber),
			line('Valid', `Until ${utc(until)}`),
		],
		warnings: [
			'They learn this account’s address, and can look up on the chain everything that it holds and has done.',
			...(owner === undefined
				? []
				: ['They learn the owner’s address as well, with everything that it holds. Everybody can see on the chain that the two belong together.']),
			...(until - now > LONG_PROOF_MS ? ['This stays valid for more than an hour.'] : []),
		],
	};
}

function linkIdentity(input: RenderInput): Rendered {
	const { message, account, now } = input;
	const { context } = account;
	// The message names its group by a hash alone: what it stands for is worked out, not believed.
	if (context.kind !== 'collection') throw new SigningRefused('signing/no-words', { field: 'groupId' });
	const group = groupIdOf({ chainId: context.chainId, collection: context.contract, blockNumber: BigInt(String(message.blockNumber)) });
	if (message.groupId !== group) throw new SigningRefused('signing/other-value', { field: 'groupId' });
	const collection = displayText(account.dao, 120);
	const until = Number(message.expiresAt) * 1000;
	if (until <= now) throw new SigningRefused('signing/expired', { field: 'expiresAt' });
	return {
		sentence: `Take part in anonymous choices of ${collection}’s owners, with token ${String(message.tokenId)}`,
		lines: [
			line('Collection', `${collection} (contract ${context.contract} on chain ${context.chainId})`),
			line('Token', message.tokenId),
			line('Owner', message.owner),
			line('Anonymous identity', message.commitment),
			line('As of block', message.blockNumber),
			line('Valid', `Until ${utc(until)}`),
		],
		warnings: [
			'This publishes for good that this address is one of those who may choose. It never shows which choice it makes.',
			...(until - now > LONG_LINK_MS ? ['This stays valid for more than a year.'] : []),
		],
	};
}

function actionLines({ request }: RenderInput): ReviewLine[] {
	if (!request.actions || request.actions.length === 0) throw new SigningRefused('signing/no-words', { field: 'data' });
	return request.actions.map((words, index) => line(request.actions?.length === 1 ? 'What it does' : `What it does, ${index + 1}`, displayText(words, 1000)));
}
