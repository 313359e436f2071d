import type { SafeState } from '@holdfast/contract';
import type { Command } from 'commander';
import { textArgument } from '../arguments.node.ts';
import { CliError } from '../errors.ts';
import type { Run } from '../main.node.ts';
import { daoOf, reviewWords, voteWords } from './votes.node.ts';

/** A file with all owners' signatures, in characters. */
const MOST_FILE = 500_000;

const stateWords = ({ signers, need, execution, waits }: SafeState): string =>
	[
		`${signers.length} of ${need} owners have signed${signers.length === 0 ? '' : `:\n${signers.map((owner) => `  ${owner}`).join('\n')}`}`,
		...(execution ? [`Anybody can send this now, on chain ${execution.chainId}:`, `  to ${execution.to}`, `  data ${execution.data}`] : []),
		...(waits === null ? [] : [waits]),
	].join('\n');

/** A Safe's transactions: collected, read, approved and handed on. */
export function safeCommands(vote: Command, run: Run): void {
	const safe = vote.command('safe').description('transactions of a Safe, which its owners approve together');

	safe
		.command('list <dao>')
		.description('transactions that wait')
		.action(
			run(async (context, _options: object, dao: string) => {
				await context.unlock();
				const waiting = await context.call('votes.proposals', { daoId: (await daoOf(context, dao)).id, open: true });
				context.print(waiting, waiting.map(({ id, title }) => `${title}\n  ${id}`).join('\n') || 'Nothing waits.');
			}),
		);

	safe
		.command('collect <dao>')
		.description('ask the owners’ transaction service what waits')
		.action(
			run(async (context, _options: object, dao: string) => {
				await context.unlock();
				const found = await context.call('safe.collect', { daoId: (await daoOf(context, dao)).id });
				context.print(found, `Waiting: ${found.transactions}. Left out: ${found.refused} transactions, ${found.signaturesLeftOut} signatures.`);
			}),
		);

	safe
		.command('service-key <dao> <key>')
		.description('keep the key that the service wants; - for standard input, an empty one takes it away')
		.action(
			run(async (context, _options: object, dao: string, key: string) => {
				await context.unlock();
				const text = textArgument(key);
				await context.call('safe.setServiceKey', { daoId: (await daoOf(context, dao)).id, key: text === '' ? null : text });
				context.print(null, text === '' ? 'No key is sent any more.' : 'The key is kept.');
			}),
		);

	safe
		.command('propose <dao> <to>')
		.description('make a transaction of one call for the owners to sign')
		.option('--value <wei>', 'how much of the network’s currency goes with it, in wei', '0')
		.option('--data <hex>', 'call data', '0x')
		.action(
			run(async (context, { value, data }: { value: string; data: string }, dao: string, to: string) => {
				await context.unlock();
				const made = await context.call('safe.propose', { daoId: (await daoOf(context, dao)).id, to, value, data: textArgument(data) });
				context.print(made, made.proposalId);
			}),
		);

	safe
		.command('take <dao> <file>')
		.description('take in a file from another owner; @file or - for standard input')
		.action(
			run(async (context, _options: object, dao: string, file: string) => {
				await context.unlock();
				const taken = await context.call('safe.takeFile', { daoId: (await daoOf(context, dao)).id, text: textArgument(file, MOST_FILE) });
				context.print(taken, `${taken.title}\n  ${taken.proposalId}`);
			}),
		);

	safe
		.command('approve <dao> <transaction>')
		.description('sign a transaction after reading it; --submit leaves the signature at the service')
		.option('--submit', 'leave the signature at the owners’ service')
		.action(
			run(async (context, { submit = false }: { submit?: boolean }, dao: string, proposalId: string) => {
				await context.unlock();
				const { id: daoId } = await daoOf(context, dao);
				const { flags, effects } = await context.call('votes.reading', { daoId, proposalId });
				const review = await context.call('votes.prepare', { daoId, proposalId, choice: { kind: 'one', option: 1 }, reason: '' });
				const read = [...flags.map(({ message }) => `! ${message}`), ...(effects ?? []).map((each) => `  Tried out now: ${each}`)];
				if (!(await context.approve([reviewWords(review), ...read].join('\n')))) {
					await context.call('votes.refuse', { id: review.id });
					throw new CliError('cli/not-approved', 'Declined. Nothing was signed.');
				}
				const signed = await context.call('votes.approve', { id: review.id, submit });
				context.print(signed, voteWords(signed));
			}),
		);

	safe
		.command('state <dao> <transaction>')
		.description('who has signed, and what carries it out')
		.action(
			run(async (context, _options: object, dao: string, proposalId: string) => {
				await context.unlock();
				const state = await context.call('safe.state', { daoId: (await daoOf(context, dao)).id, proposalId });
				context.print(state, stateWords(state));
			}),
		);

	safe
		.command('file <dao> <transaction> <folder>')
		.description('write it with its signatures as a file for the other owners')
		.action(
			run(async (context, _options: object, dao: string, proposalId: string, folder: string) => {
				await context.unlock();
				context.allowFolder(folder);
				const written = await context.call('safe.writeFile', { daoId: (await daoOf(context, dao)).id, proposalId });
				context.print(written, written.path ?? '');
			}),
		);
}
