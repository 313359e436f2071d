import type { SafeState } from '@holdfast/contract';
import { displayText, HoldfastError } from '@holdfast/kernel';
import { type ContractRef, contextName, digestOf, mergeSafeFiles, readSafeFile, type SafeFile, safeOf, writeSafeFile } from '@holdfast/web3';
import { ServiceError } from '../errors.ts';
import { writeChosen } from '../files.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';
import { safeFor } from '../votes/adapters.node.ts';
import { accountOf, daoRow, safeRef } from '../votes/rows.node.ts';
import { safeQueue, setServiceKey } from '../votes/safe-queue.node.ts';
import { checkMessage, messageSummary, messageTitle, messageView, reviewMessage, sendMessage } from '../votes/safe-vote.node.ts';
import { safeHost } from '../votes/words.node.ts';

async function fileOf(session: Session, ref: ContractRef, id: string): Promise<SafeFile> {
	const file = await safeQueue(session).find(ref, id as `0x${string}`);
	if (!file || !sameSafe(safeOf(file), ref)) throw new ServiceError('safe/unknown', 'This transaction is not in this wallet any more.');
	return file;
}

const sameSafe = (a: ContractRef, b: ContractRef): boolean =>
	contextName({ kind: 'dao', chainId: a.chainId, contract: a.contract }) === contextName({ kind: 'dao', chainId: b.chainId, contract: b.contract });

const isOne = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

async function stateOf(session: Session, daoId: string, proposalId: string): Promise<SafeState> {
	const ref = safeRef(session, daoId);
	const adapter = safeFor(session);
	const file = await fileOf(session, ref, proposalId);
	const { owners, threshold } = await adapter.facts(ref);
	const signers = file.signatures.map(({ owner }) => owner).filter((owner) => owners.some((each) => isOne(each, owner)));
	const { address } = accountOf(daoRow(session, daoId));
	const state = { signers, need: threshold, own: signers.some((each) => isOne(each, address)), service: safeHost(ref) };
	try {
		const { chainId, to, data } = await adapter.execution(file);
		return { ...state, execution: { chainId, to, data }, waits: null };
	} catch (error) {
		if (!(error instanceof HoldfastError) || (error.code !== 'vote/not-open' && error.code !== 'vote/too-few-signatures')) throw error;
		return { ...state, execution: null, waits: error.message };
	}
}

export const safeHandlers: Handlers<
	| 'safe.state'
	| 'safe.propose'
	| 'safe.takeFile'
	| 'safe.messages'
	| 'safe.message'
	| 'safe.prepareMessage'
	| 'safe.sendMessage'
	| 'safe.writeFile'
	| 'safe.forget'
	| 'safe.collect'
	| 'safe.leave'
	| 'safe.setServiceKey'
> = {
	'safe.state': ({ daoId, proposalId }, session) => stateOf(session, daoId, proposalId),

	'safe.propose': async ({ daoId, to, value, data }, session) => {
		const ref = safeRef(session, daoId);
		const adapter = safeFor(session);
		const { nonce } = await adapter.facts(ref);
		// Not one that waits here already: each would be void as soon as another with its counter is carried out.
		const taken = new Set((await safeQueue(session).list(ref)).map(({ typedData }) => String(typedData.message.nonce)));
		let next = nonce;
		while (taken.has(next.toString())) next += 1n;
		const file = await adapter.transaction(ref, [{ target: to as `0x${string}`, value: BigInt(value), data: data as `0x${string}` }], { nonce: next });
		await safeQueue(session).put(ref, file);
		return { proposalId: digestOf(file.typedData) };
	},

	'safe.takeFile': async ({ daoId, text }, session) => {
		const ref = safeRef(session, daoId);
		const file = await readSafeFile(text);
		if (!sameSafe(safeOf(file), ref)) throw new ServiceError('safe/other-safe', 'This file is for another Safe than this one. Nothing was taken in.');
		const proposalId = digestOf(file.typedData);
		const isMessage = file.typedData.struct === 'safe-message';
		if (isMessage) await checkMessage(session, ref, file);
		const queue = safeQueue(session);
		const before = await queue.find(ref, proposalId);
		await queue.put(ref, before ? mergeSafeFiles(before, file) : file);
		if (isMessage) return { kind: 'message', proposalId, title: messageTitle(file) };
		const { title } = await safeFor(session).proposal(ref, proposalId);
		return { kind: 'transaction', proposalId, title: displayText(title, 300) };
	},

	'safe.writeFile': async ({ daoId, proposalId }, session) => {
		const ref = safeRef(session, daoId);
		const file = await fileOf(session, ref, proposalId);
		const name = `safe-${file.typedData.struct === 'safe-message' ? 'vote' : String(file.typedData.message.nonce)}-${proposalId.slice(2, 10)}.json`;
		return { path: await writeChosen(session, name, [writeSafeFile(file)]) };
	},

	'safe.messages': async ({ daoId }, session) => {
		const files = (await safeQueue(session).list(safeRef(session, daoId))).filter(({ typedData }) => typedData.struct === 'safe-message');
		return files.map((file) => messageSummary(file));
	},

	'safe.message': async ({ daoId, messageId }, session) => messageView(session, daoId, await fileOf(session, safeRef(session, daoId), messageId)),

	'safe.prepareMessage': async ({ daoId, messageId }, session) => reviewMessage(session, daoId, await fileOf(session, safeRef(session, daoId), messageId)),

	'safe.sendMessage': async ({ daoId, messageId }, session) => sendMessage(session, daoId, await fileOf(session, safeRef(session, daoId), messageId)),

	'safe.forget': async ({ daoId, proposalId }, session) => {
		await fileOf(session, safeRef(session, daoId), proposalId);
		session.vault.safeFiles.remove(proposalId);
		session.changed('votes');
		return {};
	},

	'safe.collect': async ({ daoId }, session) => ({ ...(await safeFor(session).collect(safeRef(session, daoId))) }),

	'safe.leave': async ({ daoId, proposalId }, session) => {
		await safeFor(session).leave(safeRef(session, daoId), proposalId, accountOf(daoRow(session, daoId)).address);
		return {};
	},

	'safe.setServiceKey': ({ daoId, key }, session) => {
		setServiceKey(session, safeRef(session, daoId), key);
		return {};
	},
};
