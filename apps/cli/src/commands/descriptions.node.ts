import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ContractDescription } from '@holdfast/contract';
import type { Command } from 'commander';
import { usage } from '../errors.ts';
import type { Run } from '../main.node.ts';

const words = (list: readonly ContractDescription[]): string =>
	list
		.map(
			({ id, file, owner, functions, contracts }) =>
				`${file}  ${owner === null ? 'others build on it' : `${owner}, ${functions} functions of ${contracts.length} contracts`}\n  ${id}`,
		)
		.join('\n') || 'None.';

function filesAt(path: string): { name: string; text: string }[] {
	try {
		const isFolder = statSync(path).isDirectory();
		const paths = isFolder ? readdirSync(path).flatMap((name) => (name.endsWith('.json') ? [join(path, name)] : [])) : [path];
		return paths.map((each) => ({ name: basename(each), text: readFileSync(each, 'utf8') }));
	} catch (cause) {
		throw usage('This file or folder cannot be read.', cause);
	}
}

/** Files that describe contracts (ERC-7730), for reading proposals. */
export function descriptionCommands(vote: Command, run: Run): void {
	const descriptions = vote.command('descriptions').description('files that say what contracts do (ERC-7730), beside what is decoded anyway');

	descriptions
		.command('list')
		.description('files that were added')
		.action(
			run(async (context) => {
				await context.unlock();
				const list = await context.call('descriptions.list', {});
				context.print(list, words(list));
			}),
		);

	descriptions
		.command('add <path>')
		.description('add a file, or all JSON files of a folder, with those that they build on; all or none')
		.action(
			run(async (context, _options: object, path: string) => {
				const files = filesAt(path);
				await context.unlock();
				const list = await context.call('descriptions.add', { files });
				context.print(list, words(list));
			}),
		);

	descriptions
		.command('remove <id>')
		.description('forget a file')
		.action(
			run(async (context, _options: object, id: string) => {
				await context.unlock();
				const list = await context.call('descriptions.remove', { id });
				context.print(list, words(list));
			}),
		);
}
