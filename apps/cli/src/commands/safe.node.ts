import type { CallInput, Proposal, SafeMessage, SafeState, VoteReview } from '@holdfast/contract';
import type { Command } from 'commander';
import { textArgument } from '../arguments.node.ts';
import type { Context } from '../context.node.ts';
import { CliError, usage } from '../errors.ts';
import type { Run } from '../main.node.ts';
import { approveAndSign, daoOf, voteWords } from './votes.node.ts';

/** A file with all owners' signatures, in characters. */
const MOST_FILE = 500_000;

const stateWords = ({ signers, need, execution, waits }: SafeState): string =>
	[
		`${signers.length} of ${need} owners have signed${signers.length === 0 ? '' : `:\n${signers.map((owner) => `  ${owner}`).join('\n')}`}`,
		...(execution ? [`Anybody can send this now, on chain ${execution.chainId}:`, `  to ${execution.to}`, `  data ${execution.data}`] : []),
		...(waits === null ? [] : [waits]),
	].join('\n');

const messageWords = ({ sentence, lines, signers, need, over, waits, until }: SafeMessage): string =>
	[
		sentence,
		...lines.filter(({ label }) => label !== 'Signer').map(({ label, value }) => `  ${label}: ${value}`),
		`${signers.length} of ${need} owners have signed${signers.length === 0 ? '' : `:\n${signers.map((owner) => `  ${owner}`).join('\n')}`}`,
		over ?? waits ?? `The Safe takes these signatures. Snapshot takes the vote until ${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
	].join('\n');

/** Options as they are typed: `2`; `1,3`; in order, `2,1,3`; or shares, `1=60,2=40`. */
function choiceIn(voting: Proposal['voting'], words: readonly string[]): CallInput<'votes.prepare'>['choice'] {
	if (voting === 'weights') {
		const shares = words.map((word) => /^(\d{1,3})=(\d{1,6})$/.exec(word));
		if (shares.some((share) => share === null)) throw usage('Give each option its share, for example 1=60,2=40.');
		return { kind: 'weights', weights: Object.fromEntries(shares.map((share) => [share?.[1] ?? '', Number(share?.[2])])) };
	}
	if (words.some((word) => !/^\d{1,3}$/.test(word))) throw usage('Give the options by their numbers, for example 2.');
	const options = words.map(Number);
	if (voting !== 'one') return { kind: voting, options };
	const [option, ...more] = options;
	if (option === undefined || more.length > 0) throw usage('This vote takes one option.');
	return { kind: 'one', option };
}

/** A Safe's transactions, and its votes on Snapshot: collected, read, approved and handed on. */
export function safeCommands(vote: Command, run: Run): void {
	const safe = vote.command('safe').description('transactions and votes of a Safe, which its owners approve together');

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
				context.print(
					found,
					`Waiting: ${found.transactions} transactions, ${found.votes} votes. Left out: ${found.refused} transactions, ${found.signaturesLeftOut} signatures.`,
				);
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
				context.print(taken, `${taken.title} (${taken.kind})\n  ${taken.proposalId}`);
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
				const signed = await approveAndSign(context, review, submit, read);
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
		.command('vote <dao> <space> <proposal> <choice>')
		.description('begin a vote of the Safe in a Snapshot space: options by number, such as 2 or 1,3, or shares, 1=60,2=40; read first, then signed')
		.option('--reason <text>', 'published with the vote', '')
		.option('--submit', 'leave the signature at the owners’ service')
		.action(
			run(async (context, { reason, submit = false }: { reason: string; submit?: boolean }, dao: string, space: string, proposalId: string, choice: string) => {
				await context.unlock();
				const { id: safeId } = await daoOf(context, dao);
				const { id: daoId } = await daoOf(context, space);
				const { voting } = await context.call('votes.proposal', { daoId, proposalId });
				await signMessage(
					context,
					await context.call('votes.prepare', { daoId, proposalId, choice: choiceIn(voting, choice.split(',')), reason, safeId }),
					submit,
				);
			}),
		);

	safe
		.command('votes <dao>')
		.description('votes of the Safe on Snapshot that wait for its owners')
		.action(
			run(async (context, _options: object, dao: string) => {
				await context.unlock();
				const waiting = await context.call('safe.messages', { daoId: (await daoOf(context, dao)).id });
				context.print(waiting, waiting.map(({ id, title, signatures }) => `${title}, ${signatures} signed\n  ${id}`).join('\n') || 'Nothing waits.');
			}),
		);

	safe
		.command('show-vote <dao> <vote>')
		.description('what a vote of the Safe says, who has signed, and whether the Safe takes it')
		.action(
			run(async (context, _options: object, dao: string, messageId: string) => {
				await context.unlock();
				const message = await context.call('safe.message', { daoId: (await daoOf(context, dao)).id, messageId });
				context.print(message, messageWords(message));
			}),
		);

	safe
		.command('sign-vote <dao> <vote>')
		.description('sign a vote of the Safe that another owner began, after reading it')
		.option('--submit', 'leave the signature at the owners’ service')
		.action(
			run(async (context, { submit = false }: { submit?: boolean }, dao: string, messageId: string) => {
				await context.unlock();
				await signMessage(context, await context.call('safe.prepareMessage', { daoId: (await daoOf(context, dao)).id, messageId }), submit);
			}),
		);

	safe
		.command('send-vote <dao> <vote>')
		.description('have the Safe check its owners’ signatures, and hand the vote in')
		.action(
			run(async (context, _options: object, dao: string, messageId: string) => {
				await context.unlock();
				const { id: daoId } = await daoOf(context, dao);
				const message = await context.call('safe.message', { daoId, messageId });
				if (!(await context.approve(`${messageWords(message)}\n  It goes to: ${message.taker}`)))
					throw new CliError('cli/not-approved', 'Declined. Nothing was sent.');
				const sent = await context.call('safe.sendMessage', { daoId, messageId });
				context.print(sent, voteWords(sent));
			}),
		);

	safe
		.command('file <dao> <id> <folder>')
		.description('write a transaction or vote with its signatures as a file for the other owners')
		.action(
			run(async (context, _options: object, dao: string, proposalId: string, folder: string) => {
				await context.unlock();
				context.allowFolder(folder);
				const written = await context.call('safe.writeFile', { daoId: (await daoOf(context, dao)).id, proposalId });
				context.print(written, written.path ?? '');
			}),
		);
}

async function signMessage(context: Context, review: VoteReview, submit: boolean): Promise<void> {
	const signed = await approveAndSign(context, review, submit);
	context.print(signed, [voteWords(signed), `  Of the Safe: ${signed.safe?.messageId ?? ''}`].join('\n'));
}
