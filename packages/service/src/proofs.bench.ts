import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallInput, CallName } from '@holdfast/contract';
import { systemClock, systemRandom } from '@holdfast/kernel';
import { createGuardedFetch } from '@holdfast/net';
import { ADA_ID, benchReport, contractActor, measure } from '@holdfast/testkit';
import { artifactsInFolder, circuitInputs, dayOf, fastEngine, holderCommitment, issueAttestation, issuerPublicKey, overAge, snarkjsEngine } from '@holdfast/zk';
import { test } from 'vitest';
import { createService } from './index.ts';

const CIRCUITS = fileURLToPath(new URL('../../../circuits', import.meta.url));
const ROUNDS = Number(process.env.HOLDFAST_BENCH_ROUNDS ?? 10);

test('over 18 on one key: the wallet’s prover beside snarkjs', { timeout: 1_800_000 }, async () => {
	const artifacts = await artifactsInFolder(CIRCUITS, { production: false });
	const secret = new Uint8Array(32).fill(7);
	const holder = { secret: 11n, blinding: 13n };
	const attestation = issueAttestation({
		signingKey: secret,
		type: 'urn:eudi:pid:1',
		claims: ADA_ID,
		holderCommitment: holderCommitment(holder),
		validFrom: '2020-01-01',
		validUntil: '2099-12-31',
		random: systemRandom,
	});
	const today = dayOf(systemClock);
	const request = { statement: overAge(18, today), types: ['urn:eudi:pid:1'] };
	const credential = { attestation, claims: ADA_ID, issuer: 'did:example:issuer', issuerKey: issuerPublicKey(secret), holder };
	const { circuit, inputs } = circuitInputs(request, [credential], today, 5n);
	const fast = fastEngine({ artifacts, random: systemRandom });
	const slow = snarkjsEngine({ artifacts, singleThread: false });
	try {
		const before = process.memoryUsage.rss();
		const { proof, publicSignals } = await fast.prove(circuit, inputs);
		const memory = Math.round((process.memoryUsage.rss() - before) / 2 ** 20);
		const [mine, reference] = [await measure(ROUNDS, () => fast.prove(circuit, inputs)), await measure(ROUNDS, () => slow.prove(circuit, inputs))];
		const { constraints, zkey, wasm, vkey } = artifacts.manifest.circuits[circuit];
		benchReport(
			'Over 18 by attestation (Groth16)',
			[
				{ what: 'prove, snarkjs', times: reference },
				{ what: 'prove, Holdfast', times: mine, beside: 'prove, snarkjs' },
				{ what: 'verify', times: await measure(ROUNDS, () => fast.verify(circuit, publicSignals, proof)) },
			],
			{ constraints, 'memory of the first proof, MB': memory, 'zkey, bytes': zkey.bytes, 'wasm (gzip), bytes': wasm.bytes, 'vkey, bytes': vkey.bytes },
		);
	} finally {
		await fast.close();
		await slow.close();
	}
});

test('from approval to sent, and the whole of it', { timeout: 1_800_000 }, async () => {
	const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
	const guarded = createGuardedFetch({ allowLoopback: true });
	let sent = 0;
	let made = 0;
	let mayWork = false;
	const open = (name: string) =>
		createService({
			dir: join(folder, name),
			clock: systemClock,
			random: systemRandom,
			chooseFolder: () => Promise.resolve(null),
			proofs: { folder: CIRCUITS, production: false },
			fetch: (url, init) => {
				if (init?.method === 'POST') sent = performance.now();
				return guarded(url, init);
			},
			...(name === 'holder'
				? {
						idle: {
							afterMs: 50,
							mayWork: () => mayWork,
							onMade: () => {
								made += 1;
							},
						},
					}
				: {}),
			kdf: { m: 1024, t: 1, p: 1 },
		});
	const [door, holder] = [open('door'), open('holder')];
	const ask = async <N extends CallName>(service: typeof door, name: N, input: CallInput<N>) => {
		const result = await service.invoke(name, input);
		if (!result.ok) throw new Error(`${name}: ${result.error.message}`);
		return result.value;
	};
	try {
		for (const service of [door, holder]) await ask(service, 'vault.create', { passphrase: 'six green lanterns over quiet water' });
		const actor = contractActor(door.invoke, () => door.close());
		const issuerDid = await actor.createDid('did:jwk');
		await actor.serve('issuer');
		await actor.serve('verifier');
		const { uri } = await actor.offer({ typeId: 'eudi-pid', format: 'dc+sd-jwt', issuerDid, claims: ADA_ID });
		await contractActor(holder.invoke, () => holder.close()).receive(uri);
		/** One visit; the person reads for a while before they approve, or not at all. */
		const visit = async (presetId: string, queryId: string, readingMs: number): Promise<{ approve: number; own: number; whole: number }> => {
			const { id } = await ask(door, 'verify.prepare', {
				title: 'Bench',
				request: { kind: 'preset', presetId },
				verifierDid: issuerDid,
				encrypted: true,
				expiresInMinutes: 10,
			});
			const request = await ask(door, 'verify.approve', { id });
			const start = performance.now();
			const review = await ask(holder, 'present.open', { text: request.uri });
			const credentialId = review.queries.find((query) => query.queryId === queryId)?.candidates[0]?.credential.id ?? '';
			await new Promise((resolve) => setTimeout(resolve, readingMs));
			const approved = performance.now();
			await ask(holder, 'present.approve', { id: review.id, choices: [{ queryId, credentialId }] });
			const end = performance.now();
			return { approve: end - approved, own: sent - approved, whole: end - start - readingMs };
		};
		const many = async (presetId: string, queryId: string, readingMs: number, before: () => Promise<void> = () => Promise.resolve()) => {
			await visit(presetId, queryId, readingMs);
			const all: { approve: number; own: number; whole: number }[] = [];
			for (let round = 0; round < ROUNDS; round += 1) {
				await before();
				all.push(await visit(presetId, queryId, readingMs));
			}
			return all;
		};
		const read = await many('over-18', 'age_proof', 3000);
		const hasty = await many('over-18', 'age_proof', 0);
		const claims = await many('name', 'identity', 0);
		/** Lets the wallet fill its pool: two of over 18, two of over 21, or one that is missing. */
		const filled = async (): Promise<void> => {
			mayWork = true;
			const wanted = Math.max(4, made + 1);
			await ask(holder, 'settings.get', {});
			while (made < wanted) await new Promise((resolve) => setTimeout(resolve, 20));
			mayWork = false;
		};
		const ready = await many('over-18', 'age_proof', 0, filled);
		const rows = (pick: (each: (typeof read)[number]) => number) => [
			{ what: 'name, by disclosure', times: claims.map(pick) },
			{ what: 'over 18, made ahead', times: ready.map(pick), beside: 'name, by disclosure', note: 'from the pool, approved at once' },
			{ what: 'over 18, after 3 s of reading', times: read.map(pick), beside: 'name, by disclosure', note: 'the proof was made meanwhile' },
			{ what: 'over 18, approved at once', times: hasty.map(pick), beside: 'name, by disclosure', note: 'the proof is still being made' },
		];
		benchReport(
			'From approval to sent: the wallet’s own work',
			rows((each) => each.own),
		);
		benchReport(
			'From approval to answered, service to service on loopback',
			rows((each) => each.approve),
		);
	} finally {
		await Promise.all([door.close(), holder.close()]);
		rmSync(folder, { recursive: true, force: true });
	}
});
