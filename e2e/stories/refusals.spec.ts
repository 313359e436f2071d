import { systemRandom } from '@holdfast/kernel';
import { ADA_ID, fetchRequest, type Outsider, outsider, presentFor, type ReadRequest, sendTo, signFor } from '@holdfast/testkit';
import { expect, test } from '../support/test.ts';
import type { Wallet } from '../support/wallet.ts';

const PID = 'urn:eudi:pid:1';
const now = (): number => Math.floor(Date.now() / 1000);

/** What a dishonest holder sends, and what the verifier's person has to read about it. */
interface Refusal {
	readonly name: string;
	readonly presentation: (people: People, request: ReadRequest) => Promise<string>;
	/** In the sentence of the verdict. */
	readonly says: RegExp;
	/** The check that fails, as its title stands in the report. */
	readonly check: RegExp;
}

interface People {
	readonly issuer: Outsider;
	readonly holder: Outsider;
	readonly thief: Outsider;
	readonly stranger: Outsider;
}

const sign = (people: People, change: Partial<Parameters<typeof signFor>[1]> = {}, issuer: Outsider = people.issuer): Promise<string> =>
	signFor(issuer, { format: 'dc+sd-jwt', type: PID, claims: ADA_ID, holder: people.holder, issuedAt: now() - 60, ...change }, systemRandom);

const refusals: readonly Refusal[] = [
	{
		name: 'a tampered document',
		presentation: async (people, request) => {
			const raw = await sign(people);
			// Somebody else's name in the disclosure: its digest is no longer the one that was signed.
			const changed = raw.replace(/~[^~]+~/, `~${Buffer.from(JSON.stringify(['c2FsdHNhbHRzYWx0c2FsdA', 'given_name', 'Mallory'])).toString('base64url')}~`);
			const honest = await presentFor(request, raw, people.holder, now());
			return [...changed.split('~').slice(0, -1), honest.split('~').at(-1)].join('~');
		},
		says: /One disclosure is not covered by the signature/,
		check: /^Digests$/m,
	},
	{
		name: 'a wrong nonce',
		presentation: async (people, request) => presentFor({ ...request, nonce: 'another-nonce-0123456789' }, await sign(people), people.holder, now()),
		says: /The proof answers another request/,
		check: /^Made for this request$/m,
	},
	{
		name: 'a wrong audience',
		presentation: async (people, request) =>
			presentFor({ ...request, clientId: 'decentralized_identifier:did:web:elsewhere.example' }, await sign(people), people.holder, now()),
		says: /The proof was made for another verifier/,
		check: /^Made for this verifier$/m,
	},
	{
		name: 'an expired document',
		presentation: async (people, request) =>
			presentFor(request, await sign(people, { issuedAt: now() - 90_000, validUntil: now() - 3600 }), people.holder, now()),
		says: /The credential expired on/,
		check: /^Valid until$/m,
	},
	{
		name: "somebody else's document",
		// Signed by the thief's key under the holder's name: an honest wallet's code refuses to make it.
		presentation: async (people, request) =>
			presentFor(request, await sign(people), { ...people.thief, signer: { ...people.thief.signer, publicJwk: people.holder.signer.publicJwk } }, now()),
		says: /The proof was not signed with the key that the credential is bound to/,
		check: /^Possession of the key$/m,
	},
	{
		name: 'a document of an issuer that nobody knows',
		presentation: async (people, request) => presentFor(request, await sign(people, {}, people.stranger), people.holder, now()),
		says: /not on your list of trusted issuers/,
		check: /^Trust in the issuer$/m,
	},
];

async function ask(verifier: Wallet, did: string, title: string): Promise<{ id: string; uri: string }> {
	const { id } = await verifier.ask('verify.prepare', {
		title,
		request: { kind: 'claims', typeId: 'eudi-pid', format: 'dc+sd-jwt', paths: [['given_name']] },
		verifierDid: did,
		encrypted: false,
		expiresInMinutes: 10,
	});
	return verifier.ask('verify.approve', { id });
}

test('what is not right is refused, each with its own reason in words', async ({ start }) => {
	test.setTimeout(180_000);
	const verifier = await start('verifier');
	await verifier.onboard();
	const people: People = { issuer: outsider(systemRandom), holder: outsider(systemRandom), thief: outsider(systemRandom), stranger: outsider(systemRandom) };
	await verifier.ask('trust.add', { issuer: people.issuer.did, name: 'Office of Examples' });
	const { did } = await verifier.ask('dids.create', { method: 'did:jwk' });
	await verifier.ask('services.start', { kind: 'verifier', host: '127.0.0.1', port: 0, publicUrl: null });

	const reasons = new Set<string>();
	/** Opens the verdict as a person does, from the list, and reads it. */
	const read = async (title: string) => {
		await verifier.go('Verify');
		await verifier.page
			.getByRole('button', { name: new RegExp(title) })
			.first()
			.click();
		const main = verifier.page.getByRole('main');
		await expect(main.getByRole('heading', { name: 'What was checked' })).toBeVisible();
		return main;
	};

	await test.step('first, an honest one is accepted: the refusals below are not refusals of everything', async () => {
		const request = await ask(verifier, did, 'An honest document');
		const fetched = await fetchRequest(request.uri);
		const presentation = await presentFor(fetched, await sign(people), people.holder, now());
		expect(await sendTo(fetched, presentation)).toBe(200);
		const main = await read('An honest document');
		await expect(main.getByRole('heading', { name: 'Verified', exact: true })).toBeVisible();
		await test.step('a replay of the same bytes', async () => {
			expect(await sendTo(fetched, presentation)).toBe(400);
			const again = await fetchRequest((await ask(verifier, did, 'A replay to another request')).uri);
			await sendTo(again, presentation);
			const replayed = await read('A replay to another request');
			await expect(replayed.getByRole('heading', { name: 'Not verified' })).toBeVisible();
			await expect(replayed).toContainText('It may be a copy of an earlier one.');
		});
	});

	for (const refusal of refusals) {
		await test.step(refusal.name, async () => {
			const fetched = await fetchRequest((await ask(verifier, did, refusal.name)).uri);
			await sendTo(fetched, await refusal.presentation(people, fetched));
			const main = await read(refusal.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
			await expect(main.getByRole('heading', { name: 'Not verified' })).toBeVisible();
			const sentence = await main.locator('.hf-verdict').innerText();
			const failed = await main.locator('.hf-report__node.hf-tone--negative > .hf-report__line .hf-report__title').allInnerTexts();
			expect(sentence).toMatch(refusal.says);
			expect(failed.join('\n')).toMatch(refusal.check);
			expect(reasons.has(sentence), `its own reason: ${sentence}`).toBe(false);
			reasons.add(sentence);
		});
	}
	expect(verifier.problems).toEqual([]);
});
