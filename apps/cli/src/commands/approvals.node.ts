import { resolve } from 'node:path';
import type { ApprovalReview, ApprovalRule } from '@holdfast/contract';
import type { Command } from 'commander';
import { textArgument, whole } from '../arguments.node.ts';
import { CliError, usage } from '../errors.ts';
import type { Run } from '../main.node.ts';

const collect = (value: string, all: string[]): string[] => [...all, value];

const ruleWords = (rule: ApprovalRule | null): string =>
	rule === null
		? 'Tables need nobody’s approval.'
		: [`Tables of ${rule.from} rows or more need ${rule.needed} of these approvals:`, ...rule.approvers.map(({ did, name }) => `  ${name}  ${did}`)].join('\n');

const reviewWords = (review: ApprovalReview): string =>
	[
		`${review.issuer.name} would ${review.delivery === 'offers' ? 'offer' : 'sign'} ${review.documents} × ${review.type} from ${review.name}, valid for ${review.validDays} days.`,
		`  The first: ${review.examples.join(', ')}`,
		`  Digest of all rows: ${review.digest}`,
		...review.warnings.map((words) => `! ${words}`),
	].join('\n');

/** `did:…=Name`. */
function approver(text: string): ApprovalRule['approvers'][number] {
	const at = text.lastIndexOf('=');
	if (at < 1 || at === text.length - 1) throw usage('--approver takes a DID and a name: did:jwk:…=Bea');
	return { did: text.slice(0, at), name: text.slice(at + 1) };
}

/** `holdfast issue approvals`: a second pair of eyes for large tables. */
export function approvalCommands(issue: Command, run: Run): void {
	const approvals = issue.command('approvals').description('a second pair of eyes: large tables wait for the approval of others, in wallets of their own');

	approvals
		.command('rule')
		.description('show the rule, or with --from and --approver set it; --none takes it away')
		.option('--from <rows>', 'tables of so many rows or more', whole('--from'))
		.option('--needed <number>', 'how many approvals', whole('--needed'), 1)
		.option('--approver <did=name>', 'who may approve; repeat it', collect, [] as string[])
		.option('--none', 'ask for no approvals')
		.action(
			run(async (context, options: { from?: number; needed: number; approver: string[]; none?: boolean }) => {
				await context.unlock();
				if (options.none) await context.call('approvals.setRule', { rule: null });
				else if (options.from !== undefined)
					await context.call('approvals.setRule', { rule: { from: options.from, needed: options.needed, approvers: options.approver.map(approver) } });
				const { rule } = await context.call('approvals.rule', {});
				context.print(rule, ruleWords(rule));
			}),
		);

	approvals
		.command('request <batch> <folder>')
		.description('write the file that those who approve read')
		.action(
			run(async (context, _options: object, id: string, folder: string) => {
				await context.unlock();
				context.allowFolder(resolve(folder));
				const written = await context.call('approvals.request', { id });
				context.print(written, written.path ?? '');
			}),
		);

	approvals
		.command('sign <request> <folder>')
		.description('read somebody else’s request (@file or -), and write an approval')
		.requiredOption('--as <did>', 'one of your identities')
		.action(
			run(async (context, { as }: { as: string }, request: string, folder: string) => {
				await context.unlock();
				const review = await context.call('approvals.open', { text: textArgument(request) });
				if (!(await context.approve(reviewWords(review)))) {
					await context.call('approvals.discard', { id: review.id });
					throw new CliError('cli/not-approved', 'Declined. Nothing was written.');
				}
				context.allowFolder(resolve(folder));
				const written = await context.call('approvals.sign', { id: review.id, did: as });
				context.print({ ...written, review }, written.path ?? '');
			}),
		);

	approvals
		.command('take <batch> <approval>')
		.description('take in an approval: @file or -')
		.action(
			run(async (context, _options: object, id: string, approval: string) => {
				await context.unlock();
				const taken = await context.call('approvals.take', { id, text: textArgument(approval) });
				context.print(taken, `${taken.by} has approved it.`);
			}),
		);
}
