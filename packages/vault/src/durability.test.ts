import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '@holdfast/kernel';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { credentialRow } from './testing/rows.ts';
import { closedVault, MNEMONIC, PASSPHRASE, type TestVault } from './testing/vaults.node.ts';

const CHILD = join(import.meta.dirname, 'testing/child.node.ts');
const folders: TestVault[] = [];
const vaultForProcesses = async () => {
	const folder = await closedVault({ clock: systemClock });
	folders.push(folder);
	return folder;
};
afterEach(() => {
	for (const folder of folders.splice(0)) folder.remove();
});

const start = (...parameters: string[]): ChildProcess => spawn(process.execPath, [CHILD, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });

/** The lines that the child has written completely. */
function linesOf(child: ChildProcess): { lines: string[]; ended: Promise<unknown> } {
	const lines: string[] = [];
	if (!child.stdout) throw new Error('the child has no standard output');
	const reader = createInterface({ input: child.stdout });
	reader.on('line', (line) => lines.push(line));
	return { lines, ended: Promise.all([once(reader, 'close'), once(child, 'exit')]) };
}

const ROUNDS = 20;

describe('kill -9', () => {
	it(`loses nothing that was acknowledged and leaves nothing half done, in ${ROUNDS} rounds`, { timeout: 120_000 }, async () => {
		const folder = await vaultForProcesses();
		const acknowledged: string[] = [];
		for (let round = 0; round < ROUNDS; round++) {
			const child = start('write', folder.dir);
			const { lines, ended } = linesOf(child);
			if (child.stdout) await once(child.stdout, 'data');
			await new Promise((resolve) => setTimeout(resolve, (round * 7) % 60));
			child.kill('SIGKILL');
			await ended;
			expect(lines.length).toBeGreaterThan(0);
			acknowledged.push(...lines);
			const vault = await folder.open({ clock: systemClock });
			const groups = new Map(vault.credentials.groups().map((group) => [group.batchId, group.credentials.length]));
			expect(acknowledged.filter((batchId) => groups.get(batchId) !== 3)).toEqual([]);
			// What was not acknowledged is there completely or not at all.
			expect([...groups.values()].filter((count) => count !== 3)).toEqual([]);
			expect(groups.has(vault.settings.get('last', z.string()) ?? '')).toBe(true);
			// A revocation that was acknowledged stays one, and none is there without the rest of its transaction.
			expect(vault.proofRevocations.revoked('d', -1).places).toHaveLength(groups.size);
			vault.close();
		}
		expect(fs.readdirSync(folder.dir).filter((name) => name.startsWith('open-'))).toEqual([]);
	});
});

describe('proofs made ahead, in a process that is killed', () => {
	it('can be used by nobody, before or after one was taken, and are cleared away', async () => {
		const folder = await vaultForProcesses();
		const first = await folder.open({ clock: systemClock });
		first.credentials.insertMany([credentialRow({ id: 'c' })]);
		first.close();
		const row = { credentialId: 'c', statement: 's', day: 20_261_126 };
		for (const [at, left] of [1, 2, 1].entries()) {
			const child = spawnSync(process.execPath, [CHILD, 'prepared', folder.dir, String(at + 1)], { encoding: 'utf8' });
			expect([child.stdout, child.signal]).toEqual([`${left}\n`, 'SIGKILL']);
			const vault = await folder.open({ clock: systemClock });
			expect(vault.preparedProofs.count(row)).toBe(0);
			expect(vault.preparedProofs.take(row)).toBeUndefined();
			// What was put aside is still in the file, what was taken is not.
			expect(vault.preparedProofs.keepOnly(row.day)).toBe(left);
			vault.close();
		}
	});
});

describe('several processes on one vault', () => {
	it('write beside each other; no index is given twice', { timeout: 60_000 }, async () => {
		const folder = await vaultForProcesses();
		const vault = await folder.open({ clock: systemClock });
		const children = [start('indexes', folder.dir, '60'), start('indexes', folder.dir, '60')].map(linesOf);
		const own: string[] = [];
		let running = true;
		const ended = Promise.all(children.map((child) => child.ended)).then(() => {
			running = false;
		});
		while (running) {
			vault.transaction(() => {
				const index = vault.keys.nextIndex('shared');
				vault.credentials.insertMany([credentialRow({ id: `index-${index}` })]);
				own.push(String(index));
			});
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		await ended;
		const taken = [...own, ...children.flatMap((child) => child.lines)].map(Number).sort((a, b) => a - b);
		expect(children.map((child) => child.lines.length)).toEqual([60, 60]);
		expect(taken).toEqual(Array.from({ length: taken.length }, (_, i) => i));
		expect(vault.credentials.list()).toHaveLength(taken.length);
		vault.close();
	});
});

describe('a change of the passphrase that is killed', () => {
	it('leaves the old or the new one working, at every write to the disk', { timeout: 120_000 }, async () => {
		const folder = await vaultForProcesses();
		const works = async (passphrase: string) => {
			try {
				const vault = await folder.open({ passphrase, clock: systemClock });
				const phrase = await vault.revealMnemonic(passphrase);
				vault.close();
				expect(phrase.reveal()).toEqual(MNEMONIC);
				return true;
			} catch (error) {
				expect(error).toMatchObject({ code: 'vault/wrong-passphrase' });
				return false;
			}
		};
		let current = PASSPHRASE;
		const outcomes = new Set<string>();
		let done = false;
		for (let at = 1; !done; at++) {
			const next = `passphrase ${at}`;
			const child = spawnSync(process.execPath, [CHILD, 'change', folder.dir, String(at), current, next], { encoding: 'utf8' });
			done = child.stdout === 'done\n';
			if (!done) expect(child.signal).toBe('SIGKILL');
			// The new one first: a crash must not count as a wrong passphrase for long.
			const changed = await works(next);
			expect(await works(current)).toBe(!changed);
			outcomes.add(done ? 'done' : changed ? 'new' : 'old');
			if (changed) current = next;
			expect(at).toBeLessThan(40);
		}
		expect(outcomes).toEqual(new Set(['old', 'new', 'done']));
		expect(fs.readdirSync(folder.dir).filter((name) => /tmp|open-/.test(name))).toEqual([]);
	});
});
