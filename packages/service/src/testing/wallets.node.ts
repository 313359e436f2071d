import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallInput, CallName, CallOutput } from '@holdfast/contract';
import { type Clock, systemClock, systemRandom } from '@holdfast/kernel';
import { type Actor, contractActor } from '@holdfast/testkit';
import { createService, type Service, type ServicePorts } from '../index.ts';

const PASSPHRASE = 'six green lanterns over quiet water';

/** One wallet in this process, with what tests need of it. */
export interface TestWallet {
	readonly service: Service;
	readonly actor: Actor;
	/** What the next question for a file or a folder gets. */
	readonly answers: { file: string | null; folder: string | null };
	ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
	/** The code of the refusal. */
	refusal<N extends CallName>(name: N, input: CallInput<N>): Promise<string>;
}

/** Wallets in a folder of their own, closed and removed together. */
export class TestWallets {
	readonly folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
	readonly #open: Service[] = [];
	/** Milliseconds that every wallet's clock is ahead. */
	ahead = 0;
	readonly clock: Clock = { now: () => systemClock.now() + this.ahead };

	async wallet(name: string, ports: Partial<ServicePorts> = {}): Promise<TestWallet> {
		const answers: TestWallet['answers'] = { file: null, folder: null };
		const service = createService({
			dir: join(this.folder, name),
			clock: this.clock,
			random: systemRandom,
			chooseFolder: async () => answers.folder,
			chooseFile: async () => answers.file,
			kdf: { m: 1024, t: 1, p: 1 },
			...ports,
		});
		this.#open.push(service);
		const ask: TestWallet['ask'] = async (call, input) => {
			const result = await service.invoke(call, input);
			if (!result.ok) throw Object.assign(new Error(`${call}: ${result.error.code}: ${result.error.message}`), result.error);
			return result.value;
		};
		const { phase } = await ask('vault.status', {});
		await ask(phase === 'empty' ? 'vault.create' : 'vault.unlock', { passphrase: PASSPHRASE });
		return {
			service,
			answers,
			actor: contractActor(service.invoke, () => service.close()),
			ask,
			refusal: async (call, input) => {
				const result = await service.invoke(call, input);
				return result.ok ? 'it was not refused' : result.error.code;
			},
		};
	}

	async close(): Promise<void> {
		await Promise.all(this.#open.map((service) => service.close()));
		rmSync(this.folder, { recursive: true, force: true });
	}
}
