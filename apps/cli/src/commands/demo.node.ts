import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployEthrRegistry, startAnvil } from '@holdfast/devchain';
import type { Command } from 'commander';
import { playTriangle, type Step } from '../demo/triangle.node.ts';
import { type DemoWallet, demoWallet } from '../demo/wallet.node.ts';
import { CliError } from '../errors.ts';
import type { Run } from '../main.node.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What has to be undone, last first. Undoing goes on where a part of it fails. */
class Leftovers {
	readonly #undo: (() => void | Promise<void>)[] = [];

	add(undo: () => void | Promise<void>): void {
		this.#undo.push(undo);
	}

	async clear(): Promise<void> {
		for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) await Promise.resolve(undo()).catch(() => undefined);
	}
}

/** Fails at the first signal to stop, so that cleaning up comes next whatever was going on. */
function interruption(): { readonly signal: Promise<never>; forget(): void } {
	let interrupt = (): void => undefined;
	const signal = new Promise<never>((_, reject) => {
		interrupt = () => reject(new CliError('cli/interrupted', 'Stopped. The chain has ended and the wallets are deleted.'));
	});
	signal.catch(() => undefined);
	for (const name of SIGNALS) process.on(name, interrupt);
	return {
		signal,
		forget: () => {
			for (const name of SIGNALS) process.off(name, interrupt);
		},
	};
}

async function demonstrate(leftovers: Leftovers, tell: (step: Step) => void): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'holdfast-demo-'));
	const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
	leftovers.add(removeFolder);

	// Known before it runs, so that a chain that is just starting is ended too.
	const starting = startAnvil();
	leftovers.add(async () => (await starting).stop());
	const anvil = await starting;
	const atExit = (): void => {
		anvil.kill();
		removeFolder();
	};
	process.on('exit', atExit);
	leftovers.add(() => {
		process.off('exit', atExit);
	});

	const ethrRegistry = await deployEthrRegistry(anvil);
	const network = { chainId: anvil.chainId, name: 'Demonstration', rpcUrl: anvil.rpcUrl, ethrRegistry };
	tell({ title: 'A chain of our own', lines: [`chain ${anvil.chainId} at ${anvil.rpcUrl}, did:ethr registry at ${ethrRegistry}`] });

	const open = async (name: string): Promise<DemoWallet> => {
		const wallet = await demoWallet(name, join(folder, name.replaceAll(' ', '-')), network);
		leftovers.add(() => wallet.close());
		return wallet;
	};
	const issuer = await open('Office of Examples');
	const holder = await open('Ada');
	const verifier = await open('Harbour Club');
	tell({
		title: 'Three wallets',
		lines: [`${issuer.name} issues, ${holder.name} holds, ${verifier.name} verifies. Each has an encrypted profile of its own.`],
	});
	await playTriangle({ issuer, holder, verifier, tell, blocks: () => anvil.blockNumber(), chainId: anvil.chainId });
}

export function demoCommand(program: Command, run: Run): void {
	program
		.command('demo')
		.description('issue, receive, present and verify on this computer alone, with a chain and wallets that are deleted afterwards')
		.action(
			run(async (context) => {
				const began = Date.now();
				const steps: Step[] = [];
				const tell = (step: Step): void => {
					steps.push(step);
					if (!context.options.json) context.streams.out.write(`\n${steps.length}. ${step.title}\n${step.lines.map((line) => `   ${line}`).join('\n')}\n`);
				};
				const leftovers = new Leftovers();
				const { signal, forget } = interruption();
				try {
					await Promise.race([demonstrate(leftovers, tell), signal]);
				} finally {
					await leftovers.clear();
					forget();
				}
				context.print({ steps }, `\nDone in ${((Date.now() - began) / 1000).toFixed(1)} s. The chain has ended and the wallets are deleted.`);
			}),
		);
}
