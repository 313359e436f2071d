import { DEFAULT_PORTS } from '@holdfast/service';
import { Argument, type Command } from 'commander';
import { whole } from '../arguments.node.ts';
import type { Run } from '../main.node.ts';

/** Resolves at the first signal to stop. */
const stopped = (): Promise<void> =>
	new Promise((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
	});

export function serveCommands(program: Command, run: Run): void {
	program
		.command('serve')
		.addArgument(new Argument('<service>', 'which service').choices(['issuer', 'verifier']))
		.description('answer wallets over HTTP until stopped')
		.option('--host <address>', 'the address to listen on', '127.0.0.1')
		.option('--port <n>', 'the port; 0 for any', whole('--port'))
		.option('--public-url <url>', 'the https address under which others reach it')
		.action(
			run(async (context, options: { host: string; port?: number; publicUrl?: string }, service: string) => {
				const kind = service as keyof typeof DEFAULT_PORTS;
				await context.unlock();
				const services = await context.call('services.start', {
					kind,
					host: options.host,
					port: options.port ?? DEFAULT_PORTS[kind],
					publicUrl: options.publicUrl ?? null,
				});
				const started = services.find((each) => each.kind === kind);
				context.print(started, `The ${kind} answers at ${started?.url}. Press Ctrl-C to stop.`);
				await (context.streams.stopped ?? stopped)();
			}),
		);
}
