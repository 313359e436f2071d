import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Network } from '@holdfast/chain';
import { generateMnemonic } from '@holdfast/crypto';
import { type Clock, systemRandom } from '@holdfast/kernel';
import { createGuardedFetch, type GuardedFetch } from '@holdfast/net';
import { createVault, type Vault } from '@holdfast/vault';
import { createAgent, type HoldfastAgent } from '../src/index.ts';

export const CHEAP_KDF = { m: 256, t: 1, p: 1 };

export class TestClock implements Clock {
	time = Date.now();
	now(): number {
		return this.time;
	}
}

export interface Fixture {
	readonly vault: Vault;
	readonly agent: HoldfastAgent;
	readonly clock: TestClock;
	readonly dir: string;
	close(): void;
}

export async function openFixture(
	options: { networks?: readonly Network[]; fetch?: GuardedFetch; mnemonic?: readonly string[]; transactionWaitMs?: number } = {},
): Promise<Fixture> {
	const dir = mkdtempSync(join(tmpdir(), 'holdfast-agent-'));
	const clock = new TestClock();
	const mnemonic = options.mnemonic ?? generateMnemonic(systemRandom, 128);
	const vault = await createVault({ dir, passphrase: 'correct horse', mnemonic, clock, random: systemRandom, kdf: CHEAP_KDF });
	const fetch = options.fetch ?? createGuardedFetch({ allowLoopback: true, timeoutMs: 5000 });
	const wait = options.transactionWaitMs === undefined ? {} : { transactionWaitMs: options.transactionWaitMs };
	const agent = createAgent({ vault, networks: options.networks ?? [], fetch, clock, random: systemRandom, ...wait });
	return {
		vault,
		agent,
		clock,
		dir,
		close: () => {
			vault.close();
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

export interface WebServer {
	/** `localhost:port`. */
	readonly host: string;
	readonly requests: string[];
	close(): void;
}

export async function serve(handler: (req: IncomingMessage, res: ServerResponse) => void): Promise<WebServer> {
	const requests: string[] = [];
	const server = createServer((req, res) => {
		requests.push(req.url ?? '');
		handler(req, res);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		host: `localhost:${(server.address() as AddressInfo).port}`,
		requests,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

/** Serves the files below `folder`. */
export const serveFolder = (folder: string): Promise<WebServer> =>
	serve((req, res) => {
		try {
			res.setHeader('content-type', 'application/json').end(readFileSync(join(folder, decodeURIComponent(req.url ?? ''))));
		} catch {
			res.writeHead(404).end();
		}
	});

export const codeOf = async (work: Promise<unknown> | (() => unknown)): Promise<string> => {
	try {
		await (typeof work === 'function' ? work() : work);
	} catch (error) {
		return (error as { code?: string }).code ?? `not coded: ${String(error)}`;
	}
	return 'no error';
};
