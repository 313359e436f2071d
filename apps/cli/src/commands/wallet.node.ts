import { readFileSync } from 'node:fs';
import type { PresentReview } from '@holdfast/contract';
import { HoldfastError } from '@holdfast/kernel';
import type { Command } from 'commander';
import type { Run } from '../main.node.ts';
import { readLineFrom } from '../secret-input.node.ts';
import { claimLines, credentialLine, presentWords, receiveWords } from '../words.ts';

const MAX_TEXT = 131_072;

/** A link or document given as an argument, as a file with `@`, or on standard input with `-`. */
export function textArgument(argument: string): string {
	const text = argument === '-' ? readFileSync(0, 'utf8') : argument.startsWith('@') ? readFileSync(argument.slice(1), 'utf8') : argument;
	if (text.length > MAX_TEXT) throw new HoldfastError('cli/usage', 'That is too long to be a link or a document.');
	return text.trim();
}

/** What was agreed to on the command line, held against what would be learned. */
export function withinDisclosure(review: PresentReview, choices: readonly { queryId: string; credentialId: string }[], agreed: readonly string[]): string[] {
	const allowed = new Set(agreed);
	return choices.flatMap(({ queryId, credentialId }) => {
		const candidate = review.queries.find((query) => query.queryId === queryId)?.candidates.find((each) => each.credential.id === credentialId);
		return (candidate?.learned ?? [])
			.map((line) => line.path.map((part) => part ?? '*').join('.'))
			.filter((path) => ![...allowed].some((each) => path === each || path.startsWith(`${each}.`)));
	});
}

function choose(review: PresentReview, uses: readonly string[]): { queryId: string; credentialId: string }[] {
	const wanted = new Map(
		uses.map((use) => {
			const at = use.lastIndexOf('=');
			if (at < 1) throw new HoldfastError('cli/usage', '--use takes QUERY=CREDENTIAL.');
			return [use.slice(0, at), use.slice(at + 1)] as const;
		}),
	);
	// One option of each required set, the first that can be answered; optional sets only where --use names them.
	const needed = new Set(wanted.keys());
	for (const set of review.sets.filter((each) => each.required)) {
		const answerable = set.options.find((option) => option.every((id) => (review.queries.find((query) => query.queryId === id)?.candidates.length ?? 0) > 0));
		for (const id of answerable ?? set.options[0] ?? []) needed.add(id);
	}
	return review.queries.flatMap((query) => {
		if (!needed.has(query.queryId)) return [];
		const credentialId = wanted.get(query.queryId) ?? query.candidates[0]?.credential.id;
		return credentialId === undefined ? [] : [{ queryId: query.queryId, credentialId }];
	});
}

export function walletCommands(program: Command, run: Run): void {
	program
		.command('init')
		.description('make a wallet and print its recovery phrase, or restore one')
		.option('--restore', 'restore keys from a recovery phrase')
		.option('--phrase-fd <n>', 'read the recovery phrase from a file descriptor')
		.action(
			run(async (context, { restore, phraseFd }: { restore?: boolean; phraseFd?: string }) => {
				const passphrase = await context.passphrase('New passphrase: ');
				if (!restore) {
					const { words } = await context.call('vault.create', { passphrase });
					context.print(
						{ words },
						`Write these words down, in this order. They are shown once.\n\n${words.map((word, i) => `${String(i + 1).padStart(2)}. ${word}`).join('\n')}`,
					);
					return;
				}
				if (phraseFd === undefined) throw new HoldfastError('cli/usage', '--restore needs --phrase-fd.');
				await context.call('vault.restore', { passphrase, words: readLineFrom(Number(phraseFd)).split(/\s+/).filter(Boolean) });
				context.print({}, 'Keys restored. Documents are not part of the phrase: ask their issuers for them again.');
			}),
		);

	program
		.command('receive <offer>')
		.description('receive a document: an offer link, @file or - for standard input')
		.option('--tx-code <code>', 'the code that the issuer gave you')
		.action(
			run(async (context, { txCode }: { txCode?: string }, offer: string) => {
				await context.unlock();
				const review = await context.call('receive.open', { text: textArgument(offer) });
				if (!(await context.approve(receiveWords(review)))) {
					await context.call('receive.refuse', { id: review.id });
					throw new HoldfastError('cli/not-approved', 'Declined. Nothing was received.');
				}
				const { credentialIds } = await context.call('receive.approve', { id: review.id, ...(txCode === undefined ? {} : { txCode }) });
				context.print(
					{ credentialIds, issuer: review.issuer },
					`Received ${review.documents.map((each) => each.appearance.name).join(', ')}.\n${credentialIds.join('\n')}`,
				);
			}),
		);

	const credentials = program.command('credentials').description('the documents in the wallet');
	credentials.command('list').action(
		run(async (context) => {
			await context.unlock();
			const all = await context.call('credentials.list', {});
			context.print(all, all.map(credentialLine).join('\n') || 'There are no documents yet.');
		}),
	);
	credentials.command('show <id>').action(
		run(async (context, _options, id: string) => {
			await context.unlock();
			const detail = await context.call('credentials.get', { id });
			context.print(detail, `${credentialLine(detail.summary)}\n${claimLines(detail.lines)}`);
		}),
	);
	credentials.command('delete <id>').action(
		run(async (context, _options, id: string) => {
			await context.unlock();
			const { summary } = await context.call('credentials.get', { id });
			if (!(await context.approve(`Delete ${summary.appearance.name}? It cannot be brought back.`))) throw new HoldfastError('cli/not-approved', 'Kept.');
			await context.call('credentials.delete', { id });
			context.print({ id }, 'Deleted.');
		}),
	);

	program
		.command('present <request>')
		.description('show something from the wallet: a request link, @file or -')
		.option('--disclose <claims>', 'the most that may be learned: claim paths, comma-separated (given_name,address.locality)')
		.option('--use <query=credential...>', 'which document answers which query', (value: string, all: string[]) => [...all, value], [] as string[])
		.option('--refuse', 'tell the verifier no')
		.action(
			run(async (context, options: { disclose?: string; use: string[]; refuse?: boolean }, request: string) => {
				await context.unlock();
				const review = await context.call('present.open', { text: textArgument(request) });
				if (options.refuse) {
					await context.call('present.refuse', { id: review.id });
					context.print({ refused: true }, 'Refused. Nothing was shown.');
					return;
				}
				if (!review.canAnswer) {
					const missing = review.queries.flatMap((query) => query.missing ?? []);
					throw new HoldfastError('present/nothing-matches', `Nothing in this wallet answers it. ${missing.join(' ')}`.trim(), { data: { missing } });
				}
				const choices = choose(review, options.use);
				if (options.disclose !== undefined) {
					const beyond = withinDisclosure(
						review,
						choices,
						options.disclose.split(',').map((each) => each.trim()),
					);
					if (beyond.length > 0)
						throw new HoldfastError('present/asks-for-more', `They would also learn: ${beyond.join(', ')}. Nothing was shown.`, { data: { beyond } });
				} else if (!(await context.approve(presentWords(review)))) {
					await context.call('present.refuse', { id: review.id });
					throw new HoldfastError('cli/not-approved', 'Refused. Nothing was shown.');
				}
				const learned = choices.flatMap(
					({ queryId, credentialId }) =>
						review.queries.find((query) => query.queryId === queryId)?.candidates.find((each) => each.credential.id === credentialId)?.learned ?? [],
				);
				const outcome = await context.call('present.approve', { id: review.id, choices });
				context.print({ ...outcome, learned: learned.map((line) => line.path) }, `Shown to ${review.verifier.name}:\n${claimLines(learned)}`);
			}),
		);

	program
		.command('activity')
		.description('what this wallet has done')
		.option('--limit <n>', 'how many entries', '50')
		.action(
			run(async (context, { limit }: { limit: string }) => {
				await context.unlock();
				const entries = await context.call('activity.list', { limit: Number(limit) });
				context.print(
					entries,
					entries
						.map((each) => `${new Date(each.at).toISOString()}  ${each.title}${each.shared.length > 0 ? `\n    ${each.shared.join('\n    ')}` : ''}`)
						.join('\n'),
				);
			}),
		);
}
