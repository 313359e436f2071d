import type { CallOutput } from '@holdfast/contract';
import type { Command } from 'commander';
import type { Run } from '../main.node.ts';

const WORDS: { readonly [kind in CallOutput<'proofs.status'>['ordinary']]: string } = {
	none: 'There is no reference string: age cannot be proven from documents whose issuer takes no part.',
	canonical: 'The reference string of the public ceremony is here.',
	development: 'There is a reference string made for development: whoever made it could forge proofs. Every verdict says so.',
};

export function proofCommands(program: Command, run: Run): void {
	const proofs = program.command('proofs').description('what proofs from ordinary documents need');
	proofs
		.command('status')
		.description('which reference string there is')
		.action(
			run(async (context) => {
				await context.unlock();
				const status = await context.call('proofs.status', {});
				context.print(status, WORDS[status.ordinary]);
			}),
		);
	proofs
		.command('import <folder>')
		.description('take over the canonical reference string: g1_compressed.dat in that folder')
		.action(
			run(async (context, _options: object, folder: string) => {
				await context.unlock();
				context.allowFolder(folder);
				const status = await context.call('proofs.importReferenceString', {});
				context.print(status, WORDS[status.ordinary]);
			}),
		);
	proofs
		.command('develop')
		.description('make a reference string for trying things out; both sides need the same one')
		.action(
			run(async (context) => {
				await context.unlock();
				const status = await context.call('proofs.developReferenceString', {});
				context.print(status, WORDS[status.ordinary]);
			}),
		);
}
