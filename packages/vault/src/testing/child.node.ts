// A second process for tests: `node child.node.ts <command> <folder> [arguments]`. It says on standard output what it has done.
import fs, { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { SecretBytes, utf8 } from '@holdfast/crypto';
import { HoldfastError, systemClock, systemRandom } from '@holdfast/kernel';
import { openVault } from '../index.ts';
import { credentialRow } from './rows.ts';
import { CHEAP, PASSPHRASE } from './vaults.node.ts';

const [, , command = '', dir = '', ...rest] = process.argv;
const options = { dir, passphrase: PASSPHRASE, clock: systemClock, random: systemRandom, kdf: CHEAP };
const say = (line: string) => writeSync(1, `${line}\n`);

/** A place in a revocation tree, then three rows and its revocation in one transaction, then their name on standard output: from here on they must never be lost. */
async function writeForEver(): Promise<void> {
	const vault = await openVault(options);
	for (let i = 0; ; i++) {
		const batchId = `${process.pid}-${i}`;
		vault.proofRevocations.placeFor({ issuerDid: 'd', offerId: batchId, copy: '', typeId: 't', subtitle: '', createdAt: i, validUntil: i });
		vault.transaction(() => {
			vault.credentials.insertMany([0, 1, 2].map((copy) => credentialRow({ id: `${batchId}-${copy}`, batchId })));
			vault.proofRevocations.revoke(batchId, i);
			vault.settings.set('last', batchId);
		});
		say(batchId);
	}
}

/** Takes `count` indexes, each with a row of its own. */
async function takeIndexes(count: number): Promise<void> {
	const vault = await openVault(options);
	for (let i = 0; i < count; i++) {
		vault.transaction(() => {
			const index = vault.keys.nextIndex('shared');
			vault.credentials.insertMany([credentialRow({ id: `index-${index}` })]);
			say(String(index));
		});
	}
	vault.close();
}

/** Puts two prepared proofs aside, takes one, and is killed at the `at`-th of these steps. */
async function prepareProofs(at: number): Promise<void> {
	const vault = await openVault(options);
	const row = { credentialId: 'c', statement: 's', day: 20_261_126 };
	const steps = [
		() => vault.preparedProofs.put(row, SecretBytes.copy(utf8('one'))),
		() => vault.preparedProofs.put(row, SecretBytes.copy(utf8('two'))),
		() => vault.preparedProofs.take(row),
	];
	for (const [index, step] of steps.entries()) {
		step();
		if (index + 1 === at) {
			say(String(vault.preparedProofs.count(row)));
			process.kill(process.pid, 'SIGKILL');
		}
	}
}

/** Changes the passphrase and is killed at the `at`-th write to the disk. */
async function changePassphrase(at: number, from: string, to: string): Promise<void> {
	const vault = await openVault({ ...options, passphrase: from });
	let count = 0;
	for (const name of ['writeFileSync', 'fsyncSync', 'renameSync'] as const) {
		const original = fs[name] as (...parameters: unknown[]) => unknown;
		Object.assign(fs, {
			[name]: (...parameters: unknown[]) => {
				if (++count === at) process.kill(process.pid, 'SIGKILL');
				return original(...parameters);
			},
		});
	}
	syncBuiltinESMExports();
	await vault.changePassphrase(from, to);
	say('done');
	vault.close();
}

/** Opens as a user who may not write, and says which error came. */
async function openUnprivileged(): Promise<void> {
	if (process.getuid?.() === 0) process.setuid?.(65_534);
	try {
		await openVault(options);
		say('opened');
	} catch (error) {
		say(error instanceof HoldfastError ? error.code : 'unknown');
	}
}

if (command === 'write') await writeForEver();
if (command === 'indexes') await takeIndexes(Number(rest[0]));
if (command === 'change') await changePassphrase(Number(rest[0]), rest[1] ?? '', rest[2] ?? '');
if (command === 'prepared') await prepareProofs(Number(rest[0]));
if (command === 'open-unprivileged') await openUnprivileged();
