import { checkChain } from '@holdfast/chain';
import type { Tokens } from '@holdfast/contract';
import { displayText, newId } from '@holdfast/kernel';
import type { CollectionRow } from '@holdfast/vault';
import {
	describeCollection,
	type FoundOwnership,
	nonceBytes,
	type OwnershipStatement,
	ownedTokens,
	ownershipStatement,
	ownershipTypedData,
	type Review,
	reviewTypedData,
	signOwnership,
	signReviewed,
	writeBundle,
} from '@holdfast/web3';
import { getAddress } from 'viem';
import { record } from '../activity.node.ts';
import { accountFor, collectionView, knownNetwork, networkName, sourceFor, storedCollection } from '../assets/collections.node.ts';
import { addWallet, findThrough, setWallets, standingOf, walletsOf, walletView } from '../assets/wallets.node.ts';
import { ServiceError } from '../errors.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';

/** A proof that waits for approval: the very statement that was shown, and what is known to prove it. */
export interface OwnershipSubject {
	readonly review: Review;
	readonly statement: OwnershipStatement;
	readonly found: FoundOwnership;
	readonly name: string;
}

const walletViews = (session: Session, row: CollectionRow) => walletsOf(session, row).map((address) => walletView(session, row, address));

async function tokensIn(session: Session, row: CollectionRow, owner: `0x${string}`): Promise<Tokens> {
	const network = knownNetwork(session, row.chainId);
	const collection = { contract: row.contract as `0x${string}`, standard: row.standard };
	const { tokens, complete } = await ownedTokens(sourceFor(session, row.chainId), collection, owner);
	return {
		tokens: tokens.map(({ tokenId, amount }) => ({ tokenId: String(tokenId), amount: String(amount) })),
		complete,
		asked: displayText(new URL(network.rpcUrl).hostname, 120),
	};
}

/** How long a proof for somebody outside of OpenID4VP is good: it is carried by hand. */
const LIFE_SEC = 900;

export const assetHandlers: Handlers<
	| 'assets.list'
	| 'assets.add'
	| 'assets.remove'
	| 'assets.tokens'
	| 'assets.wallets'
	| 'assets.addWallet'
	| 'assets.removeWallet'
	| 'assets.walletTokens'
	| 'ownership.prepare'
	| 'ownership.approve'
	| 'ownership.discard'
> = {
	'assets.list': (_input, session) => session.vault.collections.list().map((row) => collectionView(session, row)),

	'assets.add': async ({ chainId, contract, standard, name }, session) => {
		const address = getAddress(contract);
		const network = knownNetwork(session, chainId);
		if (session.vault.collections.find(chainId, address)) throw new ServiceError('assets/known', 'This collection is in your wallet already.');
		let facts: { readonly standard?: typeof standard; readonly name?: string | undefined } = { standard, name };
		if (standard === undefined || name === undefined) {
			await checkChain(network, session.fetch);
			const found = await describeCollection(sourceFor(session, chainId), address);
			facts = { standard: standard ?? found.standard, name: name ?? found.name };
		}
		if (facts.standard === undefined) {
			throw new ServiceError(
				'assets/no-collection',
				'This contract does not say that it is a collection of tokens (ERC-721 or ERC-1155). Check the address, or say which of the two it is.',
			);
		}
		const row = {
			id: newId(session.random),
			chainId,
			contract: address,
			standard: facts.standard,
			name: displayText(facts.name ?? '', 80) || `Collection ${address.slice(0, 8)}…${address.slice(-4)}`,
			addedAt: session.clock.now(),
		};
		session.vault.transaction(() => {
			session.vault.collections.insert(row);
			record(session, { kind: 'identity', title: `Account made for ${row.name}`, detail: `${networkName(session, chainId)}, ${address}` });
		});
		session.changed('assets');
		return collectionView(session, row);
	},

	'assets.remove': ({ id }, session) => {
		const row = storedCollection(session, id);
		session.vault.transaction(() => {
			setWallets(session, row, []);
			session.vault.collections.remove(id);
			record(session, { kind: 'deleted', title: `${row.name} removed from your assets`, detail: 'Its account is the same one when you add it again.' });
		});
		session.changed('assets');
		return {};
	},

	'assets.tokens': async ({ id }, session) => {
		const row = storedCollection(session, id);
		return tokensIn(session, row, accountFor(session, row).address);
	},

	'assets.wallets': ({ id }, session) => walletViews(session, storedCollection(session, id)),

	'assets.addWallet': ({ id, address }, session) => {
		const row = storedCollection(session, id);
		addWallet(session, row, address);
		return walletViews(session, row);
	},

	'assets.removeWallet': ({ id, address }, session) => {
		const row = storedCollection(session, id);
		const gone = getAddress(address);
		setWallets(
			session,
			row,
			walletsOf(session, row).filter((each) => each !== gone),
		);
		return walletViews(session, row);
	},

	'assets.walletTokens': async ({ id, address }, session) => {
		const row = storedCollection(session, id);
		const wallet = getAddress(address);
		const found = await tokensIn(session, row, wallet);
		const [first] = found.tokens;
		return { ...found, standing: first ? await standingOf(session, row, first.tokenId, wallet) : null };
	},

	'ownership.prepare': async ({ collectionId, tokenId, wallet, verifier, nonce, purpose }, session) => {
		const row = storedCollection(session, collectionId);
		const account = accountFor(session, row);
		const found = await findThrough(session, row, tokenId, wallet === undefined ? undefined : getAddress(wallet));
		const statement = ownershipStatement({ found, verifier, nonce: nonceBytes(nonce), purpose, clock: session.clock, lifeSec: LIFE_SEC });
		const review = reviewTypedData(account, { typedData: ownershipTypedData(statement) }, session.clock);
		const id = session.reviews.open('ownership', { review, statement, found, name: row.name });
		return {
			id,
			sentence: displayText(review.sentence, 300),
			lines: review.lines.map(({ label, value }) => ({ label, value: displayText(value, 2500) })),
			warnings: [...review.warnings],
		};
	},

	'ownership.approve': async ({ id }, session) => {
		const { review, statement, found, name } = session.reviews.take('ownership', id);
		if (Number(statement.expiresAt) * 1000 <= session.clock.now()) {
			throw new ServiceError('review/not-open', 'This waited for too long. Make the proof anew.');
		}
		const bundle = await signOwnership({ found, statement, sign: async () => signReviewed(review, session.vault) });
		record(session, {
			kind: 'presented',
			title: found.owner ? `Proof made that you act for the owner of a token of ${name}` : `Proof made that you own a token of ${name}`,
			shared: [`Token ${displayText(String(statement.tokenId), 80)} of ${name}`, `Address ${statement.holder}`],
			detail: `For ${displayText(statement.verifier, 300)}`,
		});
		return { bundle: writeBundle(bundle) };
	},

	'ownership.discard': ({ id }, session) => {
		session.reviews.discard(id);
		return {};
	},
};
