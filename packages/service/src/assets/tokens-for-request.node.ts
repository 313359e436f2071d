import type { Answer, ClaimLine } from '@holdfast/contract';
import { displayText, HoldfastError, newId } from '@holdfast/kernel';
import { type DcqlCredentialQuery, OWNERSHIP_FORMAT, type RequestReview } from '@holdfast/oid4vc';
import type { CollectionRow } from '@holdfast/vault';
import { nonceBytes, ownedTokens, ownershipStatement, reviewTypedData, signOwnership, signReviewed, writeBundle } from '@holdfast/web3';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';
import { accountFor, networkName, sourceFor } from './collections.node.ts';
import { type OwnershipQuery, readOwnershipQuery } from './ownership-query.ts';
import { findThrough, walletsOf } from './wallets.node.ts';

const NOT_THERE = new Set(['ownership/not-owner', 'ownership/no-such-token', 'ownership/not-delegated']);

interface HeldToken {
	readonly id: string;
	readonly collection: CollectionRow;
	readonly tokenId: string;
	/** The wallet that has it, where it is not the collection's account itself. */
	readonly wallet?: `0x${string}`;
	/** Who owns it, where the account only acts for that wallet. */
	readonly owner?: `0x${string}`;
}

/** The tokens of this wallet that answer the queries of one request, and the proofs of owning them. */
export class TokensForRequest {
	readonly #session: Session;
	readonly #request: RequestReview;
	readonly #found = new Map<string, readonly HeldToken[] | string>();
	readonly #tokens = new Map<string, HeldToken>();

	constructor(session: Session, request: RequestReview) {
		this.#session = session;
		this.#request = request;
	}

	/**
	 * Looks for tokens that answer. Asks the network's node only about a collection that the wallet has an account for, which that
	 * node knows already. To be done first.
	 */
	async look(): Promise<void> {
		for (const query of this.#request.dcql.credentials) {
			if (query.format !== OWNERSHIP_FORMAT) continue;
			const found = await this.#look(query);
			this.#found.set(query.id, found);
			if (typeof found !== 'string') for (const token of found) this.#tokens.set(token.id, token);
		}
	}

	/** For `match`. */
	answering(queryId: string): readonly string[] | string {
		const found = this.#found.get(queryId) ?? '';
		return typeof found === 'string' ? found : found.map(({ id }) => id);
	}

	has(id: string): boolean {
		return this.#tokens.has(id);
	}

	/** The token as something to answer with. */
	answer(id: string): Answer {
		const { collection, tokenId } = this.#held(id);
		return {
			id,
			kind: 'token',
			appearance: { name: collection.name },
			issuer: {
				name: networkName(this.#session, collection.chainId),
				id: collection.contract,
				identifiedBy: 'The network says who owns it',
				standing: 'unknown',
			},
			subtitle: `Token ${displayText(tokenId, 80)}`,
			state: 'valid',
			validFrom: null,
			validUntil: null,
		};
	}

	/** What a proof tells, and what it does not: the account is for this collection alone. */
	lines(id: string): { readonly learned: ClaimLine[]; readonly hidden: ClaimLine[] } {
		const { collection, tokenId, owner } = this.#held(id);
		const line = (label: string, value: string): ClaimLine => ({ path: [label], label, value, kind: 'text', disclosable: true });
		const address = accountFor(this.#session, collection).address;
		return {
			learned: [
				line('Token', `Token ${displayText(tokenId, 80)} of ${collection.name}, on ${networkName(this.#session, collection.chainId)}`),
				line('Address', `${address}, with everything that can be looked up about it on the network`),
				...(owner === undefined ? [] : [line('Owner', `${owner}, for whom you act, with everything that can be looked up about it`)]),
			],
			hidden: [
				line('Your other accounts', 'Other collections and DAOs have accounts of their own, which this one says nothing about'),
				line('Who you are', 'Your name, your documents and your identities'),
			],
		};
	}

	/** The proof, signed for this request. Throws coded errors. */
	async prove(id: string, signal: AbortSignal): Promise<string> {
		const { collection, tokenId, wallet } = this.#held(id);
		const account = accountFor(this.#session, collection);
		const { clock, vault } = this.#session;
		try {
			const found = await findThrough(this.#session, collection, tokenId, wallet, signal);
			const statement = ownershipStatement({
				found,
				verifier: this.#request.clientId,
				nonce: nonceBytes(this.#request.nonce),
				purpose: this.#request.purpose ?? '',
				clock,
			});
			const bundle = await signOwnership({
				found,
				statement,
				sign: async (typedData) => signReviewed(reviewTypedData(account, { typedData }, clock), vault),
			});
			signal.throwIfAborted();
			return writeBundle(bundle);
		} catch (error) {
			if (signal.aborted) throw new ServiceError('present/cancelled', 'You stopped this. Nothing was sent.');
			throw error;
		}
	}

	#held(id: string): HeldToken {
		const held = this.#tokens.get(id);
		if (!held) throw new ServiceError('present/not-a-candidate', 'That token does not answer what was asked.');
		return held;
	}

	async #look(query: DcqlCredentialQuery): Promise<readonly HeldToken[] | string> {
		const asked = readOwnershipQuery(query);
		if (!asked) return 'This wallet does not understand which token is asked for.';
		const collection = this.#session.vault.collections.find(asked.chainId, asked.collection);
		if (!collection || collection.standard !== asked.standard) {
			return 'This wallet has no account for that collection. Add the collection under Assets, and receive the token there.';
		}
		try {
			return await this.#owned(collection, asked);
		} catch (error) {
			if (!(error instanceof HoldfastError)) throw error;
			return `What you own of ${collection.name} could not be looked up: ${error.message}`;
		}
	}

	async #owned(collection: CollectionRow, asked: OwnershipQuery): Promise<readonly HeldToken[] | string> {
		const wallets = [undefined, ...walletsOf(this.#session, collection)];
		const held: HeldToken[] = [];
		for (const wallet of wallets) {
			if (asked.tokenId === undefined) held.push(...(await this.#inWallet(collection, asked, wallet)));
			// A token is in one place.
			else if (held.length === 0) held.push(...(await this.#ifThere(collection, asked, asked.tokenId, wallet)));
		}
		if (held.length > 0) return held;
		if (asked.tokenId !== undefined) return `Your account for ${collection.name} does not own token ${displayText(String(asked.tokenId), 80)}.`;
		return `Your account for ${collection.name} owns no token of it.`;
	}

	/** What a wallet has of the collection, as far as the account may prove it: its standing is that of the first token. */
	async #inWallet(collection: CollectionRow, asked: OwnershipQuery, wallet: HeldToken['wallet']): Promise<readonly HeldToken[]> {
		const source = sourceFor(this.#session, collection.chainId);
		const { address } = accountFor(this.#session, collection);
		const { tokens } = await ownedTokens(source, { contract: asked.collection, standard: asked.standard }, wallet ?? address);
		const [first] = tokens;
		if (!first) return [];
		if (wallet === undefined) return tokens.map(({ tokenId }) => ({ id: newId(this.#session.random), collection, tokenId: String(tokenId) }));
		const [known] = await this.#ifThere(collection, asked, first.tokenId, wallet);
		return known ? tokens.map(({ tokenId }) => ({ ...known, id: newId(this.#session.random), tokenId: String(tokenId) })) : [];
	}

	async #ifThere(collection: CollectionRow, asked: OwnershipQuery, tokenId: bigint, wallet: HeldToken['wallet']): Promise<readonly HeldToken[]> {
		try {
			const { owner } = await findThrough(this.#session, collection, String(tokenId), wallet);
			if (owner !== undefined && !asked.delegates) return [];
			const id = newId(this.#session.random);
			return [{ id, collection, tokenId: String(tokenId), ...(wallet === undefined ? {} : { wallet }), ...(owner === undefined ? {} : { owner }) }];
		} catch (error) {
			if (!(error instanceof HoldfastError) || !NOT_THERE.has(error.code)) throw error;
			return [];
		}
	}
}
