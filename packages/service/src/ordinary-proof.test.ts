import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallInput, CallName } from '@holdfast/contract';
import { findCheck, systemClock, systemRandom } from '@holdfast/kernel';
import { ADA_ID, asking, contractActor, type Outsider, outsider, receiveByHand } from '@holdfast/testkit';
import { makeDevelopmentReferenceString } from '@holdfast/zk-sd-jwt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createService, type Service } from './index.ts';

// Over 18 from a document whose issuer never heard of proofs: an ordinary SD-JWT VC, signed by hand with ES256.

const CIRCUITS = fileURLToPath(new URL('../../../circuits', import.meta.url));
/** Made once on a machine: the same work for every run. Wallet and verifier need the same one. */
const STRING = fileURLToPath(new URL('../../../.cache/service/development-string', import.meta.url));
const BIRTH = '1990-12-10';

let folder: string;
let holder: Service;
let door: Service;
let strict: Service;
let office: Outsider;

const ask = <N extends CallName>(service: Service, name: N, input: CallInput<N>) => asking(service.invoke, name, input);

async function open(name: string, production: boolean): Promise<Service> {
	const service = createService({
		dir: join(folder, name),
		clock: systemClock,
		random: systemRandom,
		chooseFolder: () => Promise.resolve(folder),
		proofs: { folder: CIRCUITS, production, referenceString: STRING },
		kdf: { m: 1024, t: 1, p: 1 },
	});
	await ask(service, 'vault.create', { passphrase: 'six green lanterns over quiet water' });
	return service;
}

beforeAll(async () => {
	if (!existsSync(join(STRING, 'reference-string.sha256'))) await makeDevelopmentReferenceString(STRING, 2 ** 18 + 1, systemRandom);
	folder = mkdtempSync(join(tmpdir(), 'holdfast-ordinary-'));
	[holder, door, strict] = await Promise.all([open('holder', false), open('door', false), open('strict', true)]);
	office = outsider(systemRandom);
	await ask(door, 'trust.add', { issuer: office.did, name: 'Office of Examples' });
	await contractActor(door.invoke, () => door.close()).serve('verifier');
}, 300_000);
afterAll(async () => {
	await Promise.all([holder.close(), door.close(), strict.close()]);
	rmSync(folder, { recursive: true });
});

/** A document for a DID of the holder, taken in as text. */
function give(birthdate: string): Promise<string> {
	const now = Math.floor(Date.now() / 1000);
	const document = {
		format: 'dc+sd-jwt',
		type: 'urn:eudi:pid:1',
		claims: { given_name: 'Ada', birthdate },
		issuedAt: now - 60,
		validUntil: now + 864_000,
	} as const;
	return receiveByHand(holder.invoke, office, document, systemRandom);
}

async function over18(): Promise<{ id: string; uri: string }> {
	const did = (await ask(door, 'dids.create', { method: 'did:jwk' })).did;
	const { id } = await ask(door, 'verify.prepare', {
		title: 'Over 18',
		request: { kind: 'preset', presetId: 'over-18' },
		verifierDid: did,
		encrypted: true,
		expiresInMinutes: 10,
	});
	return ask(door, 'verify.approve', { id });
}

test('is asked in the same request, proven, and shown with what it rests on', async () => {
	const id = await give(BIRTH);
	const request = await over18();
	const review = await ask(holder, 'present.open', { text: request.uri });
	const candidate = review.queries.find((query) => query.queryId === 'age_proof')?.candidates.find((each) => each.credential.id === id);
	expect(candidate?.learned.map((line) => line.label)).toEqual(['Over 18']);
	expect(candidate?.hidden.map((line) => line.label)).toEqual(expect.arrayContaining(['Date of birth', 'Given name']));
	await ask(holder, 'present.approve', { id: review.id, choices: [{ queryId: 'age_proof', credentialId: id }] });
	const { verdict } = await ask(door, 'verify.get', { id: request.id });
	expect(verdict?.accepted, verdict?.sentence).toBe(true);
	expect(verdict?.documents[0]?.proven).toEqual(['Over 18: Yes']);
	expect(verdict && findCheck(verdict.report, 'zk-sd-jwt/setup')).toMatchObject({ result: 'warning', code: 'zk-sd-jwt/development-setup' });
	expect(verdict && findCheck(verdict.report, 'issuer-trust')?.result).toBe('passed');
	expect(JSON.stringify(verdict)).not.toContain(BIRTH);
}, 300_000);

test('who is too young is told so, and nothing is proven', async () => {
	const id = await give(`${new Date().getUTCFullYear() - 17}-01-01`);
	const review = await ask(holder, 'present.open', { text: (await over18()).uri });
	const query = review.queries.find((each) => each.queryId === 'age_proof');
	expect(query?.candidates.some((each) => each.credential.id === id)).toBe(false);
	await ask(holder, 'present.refuse', { id: review.id });
}, 120_000);

test('an attested document is proven with UltraHonk where the verifier takes only that, with Groth16 where it takes both', async () => {
	const issuer = contractActor(door.invoke, () => door.close());
	const issuerDid = await issuer.createDid('did:jwk');
	await issuer.serve('issuer');
	const offer = await issuer.offer({ typeId: 'eudi-pid', format: 'dc+sd-jwt', issuerDid, claims: ADA_ID });
	const [id] = await contractActor(holder.invoke, () => holder.close()).receive(offer.uri);
	const answered = async (systems: readonly string[], purpose?: string) => {
		const scope = purpose === undefined ? {} : { scope: { verifier: `decentralized_identifier:${issuerDid}`, purpose } };
		const request = { statement: { kind: 'bound', claim: ['birthdate'], op: '<=', value: '2005-03-01' }, types: ['urn:eudi:pid:1'], ...scope };
		const meta = { vct_values: ['urn:eudi:pid:1'], 'org.holdfast.zk_statement': { request, proof_systems: [...systems] } };
		const dcql = { credentials: [{ id: 'age_proof', format: 'dc+zkp', meta }] };
		const prepared = await ask(door, 'verify.prepare', {
			title: 'Born before',
			request: { kind: 'dcql', dcql },
			verifierDid: issuerDid,
			encrypted: true,
			expiresInMinutes: 10,
		});
		const { id: asked, uri } = await ask(door, 'verify.approve', { id: prepared.id });
		const review = await ask(holder, 'present.open', { text: uri });
		// Only what its issuer attested can be proven so: not the ordinary document.
		expect(review.queries[0]?.candidates.map((each) => each.credential.id)).toEqual([id]);
		await ask(holder, 'present.approve', { id: review.id, choices: [{ queryId: 'age_proof', credentialId: id ?? '' }] });
		const { verdict } = await ask(door, 'verify.get', { id: asked });
		expect(JSON.stringify(verdict)).not.toContain(ADA_ID.birthdate);
		if (!verdict) throw new Error('there is no verdict');
		const node = (check: string) => findCheck(verdict.report, check);
		return { accepted: verdict.accepted, engine: node('zk/format')?.evidence?.engine, setup: node('zk/setup'), once: node('proof/once')?.code };
	};
	const alone = await answered(['ultrahonk-bn254']);
	expect(alone).toMatchObject({ accepted: true, engine: 'ultrahonk-bn254' });
	expect(alone.setup).toMatchObject({ result: 'warning', code: 'zk/development-setup', evidence: { setup: 'reference string made for development' } });
	expect(await answered(['groth16-bn254', 'ultrahonk-bn254'])).toMatchObject({ accepted: true, engine: 'groth16-bn254' });
	// Where each holder counts once, the other way is no second chance: both show the same mark.
	expect(await answered(['ultrahonk-bn254'], 'One drink each')).toMatchObject({ accepted: true, engine: 'ultrahonk-bn254' });
	expect(await answered(['groth16-bn254'], 'One drink each')).toMatchObject({ accepted: false, engine: 'groth16-bn254', once: 'proof/seen-before' });
}, 300_000);

test('the reference string: told which there is; a development one is none in a production build, nor can one be made there', async () => {
	expect(await ask(door, 'proofs.status', {})).toEqual({ ordinary: 'development', mayDevelop: true });
	expect(await ask(strict, 'proofs.status', {})).toEqual({ ordinary: 'none', mayDevelop: false });
	await expect(ask(strict, 'proofs.developReferenceString', {})).rejects.toMatchObject({ code: 'zk-sd-jwt/development-setup' });
	await expect(ask(strict, 'proofs.importReferenceString', {})).rejects.toMatchObject({ code: 'proofs/no-file' });
}, 120_000);
