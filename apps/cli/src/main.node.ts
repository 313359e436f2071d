import { readFileSync } from 'node:fs';
import { errorInfo } from '@holdfast/kernel';
import type { ServicePorts } from '@holdfast/service';
import { Command, CommanderError } from 'commander';
import { assetCommands } from './commands/assets.node.ts';
import { demoCommand } from './commands/demo.node.ts';
import { descriptionCommands } from './commands/descriptions.node.ts';
import { didCommands } from './commands/dids.node.ts';
import { issuerCommands } from './commands/issuer.node.ts';
import { proofCommands } from './commands/proofs.node.ts';
import { safeCommands } from './commands/safe.node.ts';
import { serveCommands } from './commands/serve.node.ts';
import { statusCommands } from './commands/status.node.ts';
import { verifierCommands } from './commands/verifier.node.ts';
import { voteCommands } from './commands/votes.node.ts';
import { walletCommands } from './commands/wallet.node.ts';
import { Context, type GlobalOptions, type Streams } from './context.node.ts';
import { CliError, usage } from './errors.ts';
import { EXIT, exitCodeFor } from './exit.ts';
import { descriptor } from './secret-input.node.ts';

type Action<O> = (context: Context, options: O, ...args: string[]) => Promise<void>;
/** Makes a command's action: opens the profile, runs, closes it again whatever happens. */
export type Run = <O>(action: Action<O>) => (...args: unknown[]) => Promise<void>;

/** Commander's message where it holds only names of our own; else a sentence that does not repeat what was typed. */
function usageError({ code, message }: CommanderError): CliError {
	const own = message.replace(/^error: /, '');
	switch (code) {
		case 'commander.missingArgument':
		case 'commander.optionMissingArgument':
		case 'commander.missingMandatoryOptionValue':
			return usage(`${own.charAt(0).toUpperCase()}${own.slice(1)}.`);
		case 'commander.invalidArgument': {
			const choices = /Allowed choices are .*$/.exec(own)?.[0] ?? '';
			return usage(`An option has a value that it does not take. ${choices}`.trim());
		}
		case 'commander.unknownOption':
			return usage('There is an option that this command does not have. See --help.');
		case 'commander.excessArguments':
			return usage('There are more arguments than this command takes. See --help.');
		case 'commander.help':
			return usage('A command is missing. See --help.');
		default:
			return usage('There is no such command. See --help.');
	}
}

const version = (): string => (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/** Runs the command line and returns its exit code. Never throws, never exits. */
export async function main(
	argv: readonly string[],
	streams: Streams = { out: process.stdout, err: process.stderr },
	overrides: Partial<ServicePorts> = {},
): Promise<number> {
	// Known before the options are read: where they cannot be read, the error has to be JSON too.
	const json = argv.includes('--json');
	const program = new Command('holdfast')
		.description('A self-sovereign identity wallet: hold, issue and verify credentials.')
		.version(version())
		.option('--profile <folder>', 'where the wallet is kept (or HOLDFAST_PROFILE)')
		.option('--json', 'print one JSON object: {"ok":true,"value":…} or {"ok":false,"error":{"code":…}}')
		.option('--passphrase-fd <n>', 'read the passphrase from a file descriptor instead of asking', descriptor('--passphrase-fd'))
		.option('--yes', 'approve without asking')
		.exitOverride()
		.configureOutput({
			writeOut: (text) => streams.out.write(text),
			// Help that was not asked for; errors are reported below, in one form.
			writeErr: (text) => {
				if (!json) streams.err.write(text);
			},
			outputError: () => undefined,
		});

	let code: number = EXIT.done;
	const report = (error: unknown, { helpShown = false, printed = false } = {}): void => {
		const info = errorInfo(error);
		const finding = error instanceof CliError ? error.finding : undefined;
		code = exitCodeFor(info.code);
		// One object only: what fails after the answer was given shows in the exit code and as words.
		if (json && !printed) streams.out.write(`${JSON.stringify({ ok: false, error: info, ...(finding ? { value: finding.value } : {}) })}\n`);
		else {
			if (finding) streams.out.write(`${finding.words}\n`);
			const { where } = info.data;
			const places = info.code === 'ipc/invalid-input' && Array.isArray(where) ? ` Look at: ${where.join(', ')}.` : '';
			if (!helpShown) streams.err.write(`${info.message}${places} [${info.code}]\n`);
		}
	};

	const run: Run =
		(action) =>
		async (...args) => {
			const command = args.at(-1) as Command;
			// With those of the commands above: `issue batch` shares options with `issue`.
			const options = command.optsWithGlobals();
			const positional = args.slice(0, -2) as string[];
			const context = new Context(command.optsWithGlobals<GlobalOptions>(), streams, overrides);
			let failure: { error: unknown } | undefined;
			try {
				await action(context, options as never, ...positional);
			} catch (error) {
				failure = { error };
			}
			await context.service.close().catch((error: unknown) => {
				failure ??= { error };
			});
			if (failure) report(failure.error, { printed: context.printed });
		};

	walletCommands(program, run);
	didCommands(program, run);
	issuerCommands(program, run);
	statusCommands(program, run);
	verifierCommands(program, run);
	assetCommands(program, run);
	const vote = voteCommands(program, run);
	safeCommands(vote, run);
	descriptionCommands(vote, run);
	proofCommands(program, run);
	serveCommands(program, run);
	demoCommand(program, run);

	try {
		await program.parseAsync([...argv], { from: 'user' });
	} catch (error) {
		if (!(error instanceof CommanderError)) report(error);
		else if (error.exitCode !== 0) report(usageError(error), { helpShown: error.code === 'commander.help' });
	}
	return code;
}
