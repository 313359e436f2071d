import { createChainClient, currencyOf } from '@holdfast/chain';
import type { ProposalReading } from '@holdfast/contract';
import { displayText, HoldfastError } from '@holdfast/kernel';
import { type ActionWords, type DaoRef, type Proposal, powerStatistics, readProposal, type VoteAccount, type VoteAdapter } from '@holdfast/web3';
import { networks } from '../networks.node.ts';
import type { Session } from '../session.node.ts';
import { descriptorsOf } from './descriptions.node.ts';

type Address = VoteAccount['address'];

const MAX_DATA = 20_000;

interface Read {
	readonly ref: DaoRef;
	readonly adapter: VoteAdapter;
	readonly proposal: Proposal;
	/** The DAO's name as it is followed, and the address of its account here. */
	readonly name: string;
	readonly account: Address;
}

/**
 * What a proposal would do and how power lies in it. The network's server is asked about addresses that the proposal names; the account
 * is compared here, and named to nobody.
 */
export async function proposalReading(session: Session, read: Read): Promise<ProposalReading> {
	const [effects, power] = await Promise.all([effectsOf(session, read), powerOf(read)]);
	return { ...effects, power };
}

async function effectsOf(session: Session, { ref, proposal, name, account }: Read): Promise<Omit<ProposalReading, 'power'>> {
	const network = ref.system === 'snapshot' ? undefined : networks(session.vault).find(({ chainId }) => chainId === ref.chainId);
	if (ref.system === 'snapshot' || network === undefined || proposal.executor === undefined) return { actions: [], flags: [], effects: null };
	const { address, madeIn } = proposal.executor;
	const client = createChainClient(network, session.fetch);
	const reading = await readProposal({
		request: client.request,
		chainId: network.chainId,
		descriptors: descriptorsOf(session),
		currency: currencyOf(network.chainId),
		executor: address,
		actions: proposal.calls.map(({ target, value, data, operation }) => ({ to: target, value, data, operation: operation === 1 ? 'delegatecall' : 'call' })),
		text: `${proposal.title}\n${proposal.body}`,
		...(madeIn === null ? {} : { madeIn }),
		names: namesOf(session, ref.contract, address, name, account),
	});
	return {
		actions: reading.actions.map(actionView),
		flags: reading.flags.map(({ code, severity, message }) => ({ code, severity, message: displayText(message, 600) })),
		effects: reading.effects === null ? null : reading.effects.map((words) => displayText(words, 600)),
	};
}

/** Names that are the user's own or follow from the DAO: its contracts, its account, and the accounts of the other DAOs here. */
function namesOf(session: Session, contract: Address, executor: Address, name: string, account: Address): ReadonlyMap<Address, string> {
	const names = new Map<Address, string>();
	for (const dao of session.vault.daos.list()) {
		const { address } = dao.account as unknown as VoteAccount;
		names.set(address, `your account in ${dao.name}`);
	}
	names.set(account, 'your account here');
	names.set(contract, name);
	names.set(executor, `${name}’s treasury`);
	return names;
}

const actionView = ({ words, to, signature, data, described, inside }: ActionWords): ProposalReading['actions'][number] => ({
	words: displayText(words, 1000),
	to,
	signature,
	data: data.length > MAX_DATA ? `${data.slice(0, MAX_DATA)}…` : data,
	described: described && {
		owner: displayText(described.owner, 80),
		intent: displayText(described.intent, 120),
		lines: described.lines.map(({ label, value }) => ({ label: displayText(label, 80), value: displayText(value, 300) })),
	},
	inside: inside.map(actionView),
});

async function powerOf({ ref, adapter, proposal, account }: Read): Promise<ProposalReading['power']> {
	if (!adapter.ballots) return null;
	try {
		const { votes, total, counted, quorum } = await adapter.ballots(ref, proposal);
		const { total: _total, ...statistics } = powerStatistics({
			votes,
			own: [account],
			...(total === null ? {} : { total }),
			...(counted === null ? {} : { counted }),
			...(quorum === null ? {} : { quorum }),
		});
		return { ...statistics, of: total === null || ref.system === 'snapshot' ? 'cast' : 'all' };
	} catch (error) {
		// What it would do is worth more than who decides: a server that keeps no events leaves only this out.
		if (error instanceof HoldfastError) return null;
		throw error;
	}
}
