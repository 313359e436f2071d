import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { CallInput, RegisterEntry } from '@holdfast/contract';
import { type Command, Option } from 'commander';
import { whole } from '../arguments.node.ts';
import type { Context } from '../context.node.ts';
import { CliError, usage } from '../errors.ts';
import type { Run } from '../main.node.ts';

interface FilterOptions {
	type?: string;
	state?: RegisterEntry['state'];
	batch?: string;
	text?: string;
}

const withFilter = (command: Command): Command =>
	command
		.option('--type <id>', 'only of this credential type')
		.addOption(new Option('--state <state>', 'only in this state').choices(['valid', 'suspended', 'revoked']))
		.option('--batch <id>', 'only from this table')
		.option('--text <text>', 'only where the line that says for whom it is has this in it');

const filterOf = ({ type, state, batch, text }: FilterOptions): CallInput<'register.list'>['filter'] => ({
	...(type === undefined ? {} : { typeId: type }),
	...(state === undefined ? {} : { state }),
	...(batch === undefined ? {} : { batchId: batch }),
	...(text === undefined ? {} : { text }),
});

async function act(context: Context, action: CallInput<'register.prepare'>['action'], ids: readonly string[], options: FilterOptions): Promise<void> {
	const filter = filterOf(options);
	if (ids.length > 0 === Object.keys(filter).length > 0) throw usage('Name documents by their ids, or say which ones by options; not both.');
	await context.unlock();
	const review = await context.call('register.prepare', { action, documents: ids.length > 0 ? [...ids] : filter });
	const words = [`${action} ${review.documents} documents (${review.copies} copies):`, ...review.examples.map((each) => `  ${each}`), ...review.warnings].join(
		'\n',
	);
	if (!(await context.approve(words))) {
		await context.call('register.discard', { id: review.id });
		throw new CliError('cli/not-approved', 'Nothing was changed.');
	}
	const done = await context.call('register.approve', { id: review.id });
	const problem = done.problem ?? (done.published ? '' : ' Publish the lists, so that others see it: holdfast status publish.');
	context.print(done, `${done.documents} documents, ${done.copies} copies.${problem === '' ? '' : ` ${problem.trim()}`}`);
}

/** Hands one signed list to a command of the user's: the token on standard input, the address in HOLDFAST_STATUS_URI. */
async function hand(command: string, { uri, token }: { readonly uri: string; readonly token: string }): Promise<void> {
	const child = spawn(command, { shell: true, stdio: ['pipe', 'ignore', 'inherit'], env: { ...process.env, HOLDFAST_STATUS_URI: uri } });
	// A command that does not read its input closes the pipe early.
	child.stdin.on('error', () => undefined);
	child.stdin.end(token);
	const [code] = (await once(child, 'exit')) as [number | null];
	if (code !== 0) throw new CliError('status/command-failed', 'The command that publishes status lists failed. The lists are kept: run it again.');
}

export function statusCommands(program: Command, run: Run): void {
	const status = program.command('status').description('what was issued: withdraw it, and publish that');

	for (const [action, description] of [
		['revoke', 'end documents for good'],
		['suspend', 'end documents for a while'],
		['reinstate', 'make suspended documents valid again'],
	] as const) {
		withFilter(status.command(`${action} [documents...]`).description(description)).action(
			run(async (context, options: FilterOptions, ids: unknown) => act(context, action, Array.isArray(ids) ? (ids as string[]) : [], options)),
		);
	}

	withFilter(status.command('list').description('the register of what was issued'))
		.option('--limit <n>', 'how many', whole('--limit'), 200)
		.option('--out <folder>', 'write all that fit as CSV into this folder')
		.action(
			run(async (context, options: FilterOptions & { limit: number; out?: string }) => {
				await context.unlock();
				if (options.out !== undefined) {
					context.allowFolder(resolve(options.out));
					const written = await context.call('register.export', { filter: filterOf(options) });
					context.print(written, `${written.path} (${written.documents} documents)`);
					return;
				}
				const found = await context.call('register.list', { filter: filterOf(options), limit: Math.min(200, Math.max(1, options.limit)) });
				context.print(
					found,
					[
						...found.entries.map((each) => `${each.id}  ${each.typeName}, ${each.subtitle}  ${each.state}${each.canBeWithdrawn ? '' : ' (without a status)'}`),
						`${found.documents} documents`,
					].join('\n'),
				);
			}),
		);

	status
		.command('publish')
		.description('sign every status list anew and publish it')
		.option('--base-url <url>', 'from now on, lists are found below this address …')
		.option('--folder <folder>', '… whose files lie in this folder')
		.option('--service', 'from now on, the issuing service gives lists out')
		.option('--command <command>', 'also hand each list to this command, on standard input, its address in HOLDFAST_STATUS_URI')
		.action(
			run(async (context, options: { baseUrl?: string; folder?: string; service?: boolean; command?: string }) => {
				if ((options.baseUrl === undefined) !== (options.folder === undefined)) throw usage('--base-url and --folder go together.');
				await context.unlock();
				if (options.service) await context.call('status.setPlace', { kind: 'service' });
				if (options.baseUrl !== undefined && options.folder !== undefined) {
					context.allowFolder(resolve(options.folder));
					await context.call('status.setPlace', { kind: 'folder', baseUrl: options.baseUrl });
				}
				const lists = await context.call('status.publish', {});
				if (options.command !== undefined) for (const { id } of lists) await hand(options.command, await context.call('status.token', { id }));
				context.print(
					lists,
					lists.length === 0
						? 'There are no status lists yet: the first document makes one.'
						: lists.map((list) => `${list.uri}  ${list.withdrawn} withdrawn${list.behind ? '  not published' : ''}`).join('\n'),
				);
			}),
		);
}
