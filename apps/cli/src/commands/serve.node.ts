import { HoldfastError } from '@holdfast/kernel';
import { DEFAULT_PORTS } from '@holdfast/service';
import type { Command } from 'commander';
import type { Run } from '../main.node.ts';

/** Resolves at the first signal to stop. */
const stopped = (): Promise<void> =>
	new Promise((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
	});

export function serveCommands(program: Command, run: Run): void {
	program
		.command('serve <issuer|verifier>')
		.description('answer wallets over HTTP until stopped')
		.option('--host <address>', 'the address to listen on', '127.0.0.1')
		.option('--port <n>', 'the port; 0 for any')
		.option('--public-url <url>', 'the https address under which others reach it')
		.action(
			run(async (context, options: { host: string; port?: string; publicUrl?: string }, kind: string) => {
				if (kind !== 'issuer' && kind !== 'verifier') throw new HoldfastError('cli/usage', 'Serve what? issuer or verifier.');
				await context.unlock();
				const services = await context.call('services.start', {
					kind,
					host: options.host,
					port: options.port === undefined ? DEFAULT_PORTS[kind] : Number(options.port),
					publicUrl: options.publicUrl ?? null,
				});
				const started = services.find((each) => each.kind === kind);
				context.print(started, `The ${kind} answers at ${started?.url}. Press Ctrl-C to stop.`);
				await stopped();
			}),
		);
}
