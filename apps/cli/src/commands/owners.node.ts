import type { OwnersCrowd, OwnersGroup, OwnersVerdict } from '@holdfast/contract';
import { type Command, Option } from 'commander';
import { textArgument, whole } from '../arguments.node.ts';
import type { Context } from '../context.node.ts';
import { CliError, usage } from '../errors.ts';
import type { Run } from '../main.node.ts';
import { ownershipWords, reportLines } from '../words.ts';

/** What the service takes, in characters. */
const MOST_STATEMENTS = 33_554_432;

interface GroupOptions {
	group: string;
	statements: string;
	blockHash?: string;
}

const groupWords = ({ name, network, block, endsAt, isOver }: OwnersGroup, { owners, isSmall, counted, refused }: OwnersCrowd): string =>
	[
		`Owners of ${name} on ${network}, as of block ${block}${isOver ? '. This group has ended' : `, until ${new Date(endsAt).toISOString().slice(0, 10)}`}.`,
		`${counted} statements count, ${refused} do not; ${owners} ${owners === 1 ? 'account takes' : 'accounts take'} part.`,
		...(isSmall ? ['! So few that who made a choice can be guessed.'] : []),
	].join('\n');

/** Reads a group from its files and rebuilds it. */
async function rebuilt(
	context: Context,
	{ group, statements, blockHash }: GroupOptions,
): Promise<{ readonly group: OwnersGroup; readonly crowd: OwnersCrowd }> {
	if (blockHash !== undefined && !/^0x[0-9a-fA-F]{64}$/.test(blockHash)) throw usage('--block-hash takes 0x and 64 hexadecimal digits.');
	const opened = await context.call('owners.open', { group: textArgument(group), statements: textArgument(statements, MOST_STATEMENTS) });
	const crowd = await context.call('owners.rebuild', { id: opened.id, ...(blockHash === undefined ? {} : { blockHash }) });
	return { group: opened, crowd };
}

const verdictWords = ({ sentence, choice, counts, report }: OwnersVerdict): string =>
	[
		sentence,
		...(choice === null ? [] : [`Choice: ${choice}`]),
		...counts.map((each) => `  counted so far: ${each.choice}  ${each.count}`),
		...reportLines(report),
	].join('\n');

const collect = (value: string, all: string[]): string[] => [...all, value];

/** The options that name a group's files. */
const groupCommand = (parent: Command, name: string): Command =>
	parent
		.command(name)
		.requiredOption('--group <group>', 'the group: text, @file or -')
		.requiredOption('--statements <lines>', 'the published statements, one for each line: @file or -')
		.addOption(new Option('--block-hash <hash>', 'the group’s block, looked up by you: no node is asked, and only statements with evidence can count'));

/** Choices of owners who are not named: under `holdfast ownership`. */
export function ownersCommands(ownership: Command, run: Run): void {
	ownership
		.command('group <collection-id>')
		.description('describe a group: the owners of a collection now, who may choose without being named')
		.option('--days <days>', 'how long it lasts', whole('--days'), 30)
		.action(
			run(async (context, { days }: { days: number }, collectionId: string) => {
				await context.unlock();
				const made = await context.call('owners.define', { collectionId, days });
				context.print(made, made.group);
			}),
		);
	ownership
		.command('link <group>')
		.description('sign the public statement that one of your tokens takes part: text, @file or -')
		.requiredOption('--token <number>', 'which token')
		.action(
			run(async (context, { token }: { token: string }, group: string) => {
				await context.unlock();
				const review = await context.call('owners.prepareLink', { group: textArgument(group), tokenId: token });
				if (!(await context.approve(ownershipWords(review)))) {
					await context.call('owners.discard', { id: review.id });
					throw new CliError('cli/not-approved', 'Refused. Nothing was signed.');
				}
				const made = await context.call('owners.approveLink', { id: review.id });
				context.print(made, made.statement);
			}),
		);
	groupCommand(ownership, 'crowd')
		.description('rebuild a group and tell how many take part')
		.action(
			run(async (context, options: GroupOptions) => {
				await context.unlock();
				const { group, crowd } = await rebuilt(context, options);
				context.print({ group, crowd }, [groupWords(group, crowd), ...reportLines(crowd.report)].join('\n'));
			}),
		);
	groupCommand(ownership, 'choose')
		.description('choose, as an owner who is not named')
		.requiredOption('--purpose <text>', 'what it is about, in the words of whoever asks')
		.requiredOption('--choice <text>', 'your choice')
		.action(
			run(async (context, { purpose, choice, ...files }: GroupOptions & { purpose: string; choice: string }) => {
				await context.unlock();
				const { group, crowd } = await rebuilt(context, files);
				const review = await context.call('owners.prepareChoice', { id: group.id, purpose, choice });
				if (!(await context.approve(`${groupWords(group, crowd)}\n${ownershipWords(review)}`))) {
					await context.call('owners.discard', { id: review.id });
					throw new CliError('cli/not-approved', 'Refused. Nothing was made.');
				}
				const made = await context.call('owners.approveChoice', { id: review.id });
				context.print(made, made.text);
			}),
		);
	groupCommand(ownership, 'check <choice>')
		.description('check and count somebody’s choice: text, @file or -')
		.requiredOption('--purpose <text>', 'what you asked about, in the same words')
		.option('--option <text>', 'what could be chosen; repeat it. Any text where it is left out', collect, [] as string[])
		.action(
			run(async (context, { purpose, option, ...files }: GroupOptions & { purpose: string; option: string[] }, choice: string) => {
				const text = textArgument(choice);
				await context.unlock();
				const { group, crowd } = await rebuilt(context, files);
				const verdict = await context.call('owners.check', { id: group.id, text, purpose, choices: option });
				const words = `${verdictWords(verdict)}\n${groupWords(group, crowd)}`;
				if (!verdict.accepted) throw new CliError('verify/not-accepted', verdict.sentence, { finding: { value: verdict, words } });
				context.print(verdict, words);
			}),
		);
}
