import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainVeramo } from '@holdfast/agent/plain-veramo';
import { benchReport } from '@holdfast/testkit';
import { expect, test } from 'vitest';
import { TestWallets } from '../testing/wallets.node.ts';

const ROWS = Number(process.env.HOLDFAST_BENCH_ROWS ?? 2_000);
const ROUNDS = Number(process.env.HOLDFAST_BENCH_ROUNDS ?? 3);

/** Milliseconds of processor time for each row: the machine may be busy with something else. */
async function perRow(work: () => Promise<void>): Promise<number> {
	const before = process.cpuUsage();
	await work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000 / ROWS;
}

test('documents by the table beside plain Veramo', { timeout: 3_600_000 }, async () => {
	const world = new TestWallets();
	try {
		const issuer = await world.wallet('issuer');
		const issuerDid = await issuer.actor.createDid('did:key', 'Ed25519');
		const holder = await issuer.actor.createDid('did:key', 'Ed25519');
		await issuer.actor.serve('issuer');
		const path = join(world.folder, 'many.csv');
		const lines = Array.from({ length: ROWS }, (_, n) => `Person ${n},Byron,Works,${n},${holder}\n`);
		writeFileSync(path, `Given name,Family name,Employer,Employee number,DID\n${lines.join('')}`);
		issuer.answers.file = path;
		const times = { check: [] as number[], offers: [] as number[], sdJwt: [] as number[], jwt: [] as number[], veramo: [] as number[] };
		const batch = async (kind: 'offers' | 'signed', format: 'dc+sd-jwt' | 'jwt_vc_json', into: number[]): Promise<void> => {
			const preview = await issuer.ask('import.open', { typeId: 'employee-badge' });
			let id = '';
			const checked = await perRow(async () => {
				const draft = await issuer.ask('batch.check', {
					importId: preview?.id ?? '',
					typeId: 'employee-badge',
					format,
					issuerDid,
					validDays: 365,
					delivery: kind === 'offers' ? { kind, expiresInMinutes: 60 } : { kind },
					columns: (preview?.columns ?? []).map((column) => column.suggested),
					again: true,
				});
				expect(draft.counts.waiting).toBe(ROWS);
				id = draft.id;
			});
			times.check.push(checked);
			into.push(
				await perRow(async () => {
					await issuer.ask('batch.approve', { id, leaveOutWrong: false });
					while ((await issuer.ask('batch.get', { id })).state === 'running') await new Promise((resolve) => setTimeout(resolve, 100));
				}),
			);
		};
		const veramo = await plainVeramo();
		for (let round = 0; round < ROUNDS; round += 1) {
			await batch('offers', 'dc+sd-jwt', times.offers);
			await batch('signed', 'dc+sd-jwt', times.sdJwt);
			await batch('signed', 'jwt_vc_json', times.jwt);
			times.veramo.push(
				await perRow(async () => {
					for (let n = 0; n < ROWS; n += 1)
						await veramo.issue(holder, { given_name: `Person ${n}`, family_name: 'Byron', employer: 'Works', employee_number: String(n) });
				}),
			);
		}
		const beside = 'plain Veramo, W3C JWT, in memory';
		benchReport(
			'Issuing by the table: processor time a row',
			[
				{ what: beside, times: times.veramo, note: 'no status, no register, nothing kept' },
				{ what: 'signed, W3C JWT', times: times.jwt, beside, note: 'status entry, register, row state, on the disk' },
				{ what: 'signed, SD-JWT VC', times: times.sdJwt, beside },
				{ what: 'offers', times: times.offers, beside, note: 'signed when the holder collects them' },
				{ what: 'reading and checking', times: times.check, beside },
			],
			{ rows: ROWS, 'memory at the end, MB': Math.round(process.memoryUsage().rss / 2 ** 20) },
		);
	} finally {
		await world.close();
	}
});
