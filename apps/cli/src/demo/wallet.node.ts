import type { CallInput, CallName, CallOutput } from '@holdfast/contract';
import { HoldfastError, systemClock, systemRandom } from '@holdfast/kernel';
import { createService } from '@holdfast/service';

/** One of the three people of the demonstration, with a wallet that is deleted afterwards. */
export interface DemoWallet {
	readonly name: string;
	call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
	close(): Promise<void>;
}

/** Makes a wallet in `dir` that knows the chain. Its passphrase is random, and nobody is told. */
export async function demoWallet(name: string, dir: string, network: CallInput<'networks.save'>): Promise<DemoWallet> {
	const service = createService({ dir, clock: systemClock, random: systemRandom, chooseFolder: () => Promise.resolve(null) });
	const wallet: DemoWallet = {
		name,
		async call(call, input) {
			const result = await service.invoke(call, input);
			if (!result.ok) throw new HoldfastError(result.error.code, result.error.message, { data: result.error.data });
			return result.value;
		},
		close: () => service.close(),
	};
	await wallet.call('vault.create', { passphrase: Buffer.from(systemRandom.bytes(32)).toString('base64url') });
	await wallet.call('networks.save', network);
	return wallet;
}
