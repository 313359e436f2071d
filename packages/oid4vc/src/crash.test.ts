import { expect, test } from 'vitest';
import { CLAIMS, configurations, didSigner, issueOne, MemoryIssuerStore, newSigner, random, testClock } from './fixture.ts';
import { createIssuer, type Fetch, type Issuer, type IssuerStore, type ReceivedCredential, readOffer, requestCredentials, requestToken } from './index.ts';

// An issuer that dies at any of its writes, before or after it is durable, and is started again on the same store.

class Killed extends Error {}

function dyingAt(store: MemoryIssuerStore, step: number, when: 'before' | 'after'): IssuerStore {
	let calls = 0;
	const write = <T>(work: () => T): T => {
		calls++;
		if (calls === step && when === 'before') throw new Killed();
		const result = work();
		if (calls === step) throw new Killed();
		return result;
	};
	return {
		insertOffer: (record) => store.insertOffer(record),
		getOffer: (id) => store.getOffer(id),
		findOfferByCodeHash: (hash) => store.findOfferByCodeHash(hash),
		findOfferByAccessTokenHash: (hash) => store.findOfferByAccessTokenHash(hash),
		replaceOffer: (next) => write(() => store.replaceOffer(next)),
		putNonce: (hash, expiresAt) => write(() => store.putNonce(hash, expiresAt)),
		consumeNonce: (hash, now) => write(() => store.consumeNonce(hash, now)),
	};
}

// The writes of one issuance: 1 token, 2 nonce, 3 nonce consumed, 4 credential.
const moments = [1, 2, 3, 4].flatMap((step) => (['before', 'after'] as const).map((when) => ({ step, when })));
test.each(moments)('killed $when write $step: never twice, and nothing lost that was answered', async ({ step, when }) => {
	const clock = testClock();
	const rows = new MemoryIssuerStore();
	const office = didSigner();
	const start = (store: IssuerStore): Issuer =>
		createIssuer({
			config: { issuerUrl: 'https://issuer.example', configurations: () => configurations },
			store,
			clock,
			random,
			issueCredential: ({ holderJwk, offer }) => issueOne('dc+sd-jwt', office, holderJwk, clock, offer.data),
		});
	let issuer = start(dyingAt(rows, step, when));
	const fetch: Fetch = (url, init) => issuer.handle(new Request(url, init as RequestInit));
	const deps = { fetch, clock };
	const { uri, id } = await issuer.createOffer({ configurationIds: ['identity-sd-jwt'], data: CLAIMS, ttlMs: 60_000 });
	const review = await readOffer(uri, deps);

	/** Tries, restarts the issuer where it died, and tries once more. */
	const twice = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
		try {
			return await work();
		} catch {
			issuer = start(rows);
			return work().catch(() => undefined);
		}
	};
	const token = await twice(() => requestToken(review, {}, deps));
	if (!token) {
		// The code was spent and its answer lost: nobody has the token, and the issuer can withdraw the offer and make another.
		expect({ step, when }).toEqual({ step: 1, when: 'after' });
		expect(await issuer.cancelOffer(id)).toBe(true);
		expect(rows.offers.get(id)?.issued).toEqual([]);
		return;
	}
	const signer = newSigner();
	const received: ReceivedCredential[] | undefined = await twice(() => requestCredentials(review, token, { signers: [signer] }, deps));
	const issued = rows.offers.get(id)?.issued ?? [];
	expect(issued).toHaveLength(1);
	expect(received?.map((each) => each.raw)).toEqual(issued[0]?.credentials);
	expect(rows.offers.get(id)?.state).toBe('redeemed');
});
