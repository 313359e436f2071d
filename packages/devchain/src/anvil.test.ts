import { afterEach, expect, it } from 'vitest';
import { type Anvil, deployEthrRegistry, startAnvil } from './index.ts';

let anvil: Anvil | undefined;
afterEach(() => anvil?.stop());

it('starts a chain on a free port, with the registry, and ends it', async () => {
	anvil = await startAnvil({ chainId: 4242 });
	expect(new URL(anvil.rpcUrl).hostname).toBe('127.0.0.1');
	const before = await anvil.blockNumber();
	expect(await deployEthrRegistry(anvil)).toMatch(/^0x[0-9a-fA-F]{40}$/);
	expect(await anvil.blockNumber()).toBe(before + 1);
	await anvil.stop();
	await expect(anvil.blockNumber()).rejects.toThrow();
	await anvil.stop();
});
