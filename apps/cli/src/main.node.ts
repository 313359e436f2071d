import { errorInfo } from '@holdfast/kernel';
import type { ServicePorts } from '@holdfast/service';
import { Command, CommanderError } from 'commander';
import { didCommands } from './commands/dids.node.ts';
import { issuerCommands } from './commands/issuer.node.ts';
import { serveCommands } from './commands/serve.node.ts';
import { verifierCommands } from './commands/verifier.node.ts';
import { walletCommands } from './commands/wallet.node.ts';
import { Context, type GlobalOptions, type Output } from './context.node.ts';
import { EXIT, exitCodeFor } from './exit.ts';

type Action<O> = (context: Context, options: O, ...args: string[]) => Promise<void>;
/** Makes a command's action: opens the profile, runs, closes it again whatever happens. */
export type Run = <O>(action: Action<O>) => (...args: unknown[]) => Promise<void>;

export interface Streams {
	readonly out: Output;
	readonly err: Output;
}

/** Runs the command line and returns its exit code. Never throws, never exits. */
export async function main(
	argv: readonly string[],
	streams: Streams = { out: process.stdout, err: process.stderr },
	overrides: Partial<ServicePorts> = {},
): Promise<number> {
	const program = new Command('holdfast')
		.description('A self-sovereign identity wallet: hold, issue and verify credentials.')
		.option('--profile <folder>', 'where the wallet is kept (or HOLDFAST_PROFILE)')
		.option('--json', 'print one JSON object: {"ok":true,"value":…} or {"ok":false,"error":{"code":…}}')
		.option('--passphrase-fd <n>', 'read the passphrase from a file descriptor instead of asking')
		.option('--yes', 'approve without asking')
		.exitOverride()
		.configureOutput({ writeOut: (text) => streams.out.write(text), writeErr: (text) => streams.err.write(text) });

	let code: number = EXIT.done;
	const report = (error: unknown): void => {
		const info = errorInfo(error);
		code = exitCodeFor(info.code);
		if (program.opts<GlobalOptions>().json) streams.out.write(`${JSON.stringify({ ok: false, error: info })}\n`);
		else streams.err.write(`${info.message} [${info.code}]\n`);
	};

	const run: Run =
		(action) =>
		async (...args) => {
			const command = args.at(-1) as Command;
			const options = args.at(-2);
			const positional = args.slice(0, -2) as string[];
			const context = new Context(command.optsWithGlobals<GlobalOptions>(), streams.out, overrides);
			try {
				await action(context, options as never, ...positional);
			} catch (error) {
				report(error);
			} finally {
				await context.service.close();
			}
		};

	walletCommands(program, run);
	didCommands(program, run);
	issuerCommands(program, run);
	verifierCommands(program, run);
	serveCommands(program, run);

	try {
		await program.parseAsync([...argv], { from: 'user' });
	} catch (error) {
		if (!(error instanceof CommanderError)) report(error);
		else if (error.exitCode !== 0) code = EXIT.usage;
	}
	return code;
}
