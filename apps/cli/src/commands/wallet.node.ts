import type { ClaimLine, PresentReview, ReceiveReview } from '@holdfast/contract';
import { displayText } from '@holdfast/kernel';
import type { Command } from 'commander';
import { textArgument, whole } from '../arguments.node.ts';
import { type ClaimPath, isWithin, pathToText, textToPaths } from '../claim-path.ts';
import { CallError, type Context } from '../context.node.ts';
import { CliError, usage } from '../errors.ts';
import type { Run } from '../main.node.ts';
import { ask, descriptor, readLineFrom } from '../secret-input.node.ts';
import { claimLines, credentialLine, presentWords, receiveWords } from '../words.ts';

/** What would be learned although it was not agreed to. */
function beyond(review: PresentReview, choices: readonly { queryId: string; credentialId: string }[], agreed: readonly ClaimPath[]): string[] {
	return learnedBy(review, choices).flatMap(({ path }) => (isWithin(path, agreed) ? [] : [pathToText(path)]));
}

const learnedBy = (review: PresentReview, choices: readonly { queryId: string; credentialId: string }[]): ClaimLine[] =>
	choices.flatMap(
		({ queryId, credentialId }) =>
			review.queries.find((query) => query.queryId === queryId)?.candidates.find((each) => each.credential.id === credentialId)?.learned ?? [],
	);

/** The code that an offer needs, asked for where there is somebody to ask. */
const askCode = (context: Context, review: ReceiveReview): Promise<string | undefined> =>
	review.txCode && process.stdin.isTTY && !context.options.yes ? ask(`${review.txCode.description}\nCode: `, false) : Promise.resolve(undefined);

function choose(review: PresentReview, uses: readonly string[]): { queryId: string; credentialId: string }[] {
	const wanted = new Map(
		uses.map((use) => {
			const at = use.lastIndexOf('=');
			if (at < 1) throw usage('--use takes QUERY=CREDENTIAL.');
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
		.option('--phrase-fd <n>', 'read the recovery phrase from a file descriptor instead of asking', descriptor('--phrase-fd'))
		.action(
			run(async (context, { restore, phraseFd }: { restore?: boolean; phraseFd?: number }) => {
				const passphrase = await context.newPassphrase();
				if (!restore) {
					const { words } = await context.call('vault.create', { passphrase });
					context.print(
						{ words },
						`Write these words down, in this order. They are shown once.\n\n${words.map((word, i) => `${String(i + 1).padStart(2)}. ${word}`).join('\n')}`,
					);
					return;
				}
				const phrase = phraseFd === undefined ? await ask('Recovery phrase: ', true) : readLineFrom(phraseFd);
				await context.call('vault.restore', { passphrase, words: phrase.trim().split(/\s+/) });
				context.print({}, 'Keys restored. Documents are not part of the phrase: ask their issuers for them again.');
			}),
		);

	program
		.command('receive <offer>')
		.description('receive a document: an offer link, @file or - for standard input')
		.option('--tx-code <code>', 'the code that the issuer gave you, which is good for one offer')
		.option('--tx-code-fd <n>', 'read that code from a file descriptor', descriptor('--tx-code-fd'))
		.action(
			run(async (context, options: { txCode?: string; txCodeFd?: number }, offer: string) => {
				await context.unlock();
				const review = await context.call('receive.open', { text: textArgument(offer) });
				if (!(await context.approve(receiveWords(review)))) {
					await context.call('receive.refuse', { id: review.id });
					throw new CliError('cli/not-approved', 'Declined. Nothing was received.');
				}
				const txCode = options.txCode ?? (options.txCodeFd === undefined ? undefined : readLineFrom(options.txCodeFd)) ?? (await askCode(context, review));
				const { credentialIds } = await context.call('receive.approve', { id: review.id, ...(txCode === undefined ? {} : { txCode }) }).catch(async (error) => {
					// The app lets a person try the code again; here the command ends, and with it this attempt.
					if (error instanceof CallError && error.code === 'oid4vci/code-refused') await context.service.invoke('notices.dismiss', { id: review.id });
					throw error;
				});
				context.print(
					{ credentialIds, issuer: review.issuer },
					`Received ${review.documents.map((each) => each.appearance.name).join(', ')}.\n${credentialIds.join('\n')}`,
				);
			}),
		);

	const credentials = program.command('credentials').description('the documents in the wallet');
	credentials
		.command('list')
		.description('all of them')
		.action(
			run(async (context) => {
				await context.unlock();
				const all = await context.call('credentials.list', {});
				context.print(all, all.map(credentialLine).join('\n') || 'There are no documents yet.');
			}),
		);
	credentials
		.command('show <id>')
		.description('one, with everything that it says')
		.action(
			run(async (context, _options, id: string) => {
				await context.unlock();
				const detail = await context.call('credentials.get', { id });
				context.print(detail, `${credentialLine(detail.summary)}\n${claimLines(detail.lines)}`);
			}),
		);
	credentials
		.command('check <id>')
		.description('ask its issuer’s list whether one still counts; they learn that somebody with such a document asks')
		.action(
			run(async (context, _options, id: string) => {
				await context.unlock();
				const found = await context.call('credentials.checkStatus', { id });
				const words = { 'in-force': 'Not withdrawn', withdrawn: 'Withdrawn', suspended: 'Suspended for now', unclear: 'Of a status that is not agreed' };
				context.print(found, `${words[found.state]}, as of ${new Date(found.asOf).toISOString()}.`);
			}),
		);
	credentials
		.command('delete <id>')
		.description('delete one for good')
		.action(
			run(async (context, _options, id: string) => {
				await context.unlock();
				const { summary } = await context.call('credentials.get', { id });
				if (!(await context.approve(`Delete ${summary.appearance.name}? It cannot be brought back.`))) throw new CliError('cli/not-approved', 'Kept.');
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
					throw new CliError('present/nothing-matches', `Nothing in this wallet answers it. ${missing.join(' ')}`.trim(), { data: { missing } });
				}
				const choices = choose(review, options.use);
				if (options.disclose !== undefined) {
					const more = beyond(review, choices, textToPaths(options.disclose));
					if (more.length > 0)
						throw new CliError('present/asks-for-more', `They would also learn: ${displayText(more.join(', '), 500)}. Nothing was shown.`, {
							data: { beyond: more },
						});
				} else if (!(await context.approve(presentWords(review)))) {
					await context.call('present.refuse', { id: review.id });
					throw new CliError('cli/not-approved', 'Refused. Nothing was shown.');
				}
				const learned = learnedBy(review, choices);
				const outcome = await context.call('present.approve', { id: review.id, choices });
				// A request that is answered by QR codes: nothing was sent, and the answer is for whoever makes codes of it.
				const head =
					outcome.show === null ? `Shown to ${review.verifier.name}:` : `The answer to show to ${review.verifier.name} as QR codes:\n${outcome.show}\nIt says:`;
				context.print({ ...outcome, learned: learned.map((line) => line.path) }, `${head}\n${claimLines(learned)}`);
			}),
		);

	program
		.command('activity')
		.description('what this wallet has done')
		.option('--limit <n>', 'how many entries', whole('--limit'), 50)
		.action(
			run(async (context, { limit }: { limit: number }) => {
				await context.unlock();
				const entries = await context.call('activity.list', { limit });
				context.print(
					entries,
					entries
						.map((each) => `${new Date(each.at).toISOString()}  ${each.title}${each.shared.length > 0 ? `\n    ${each.shared.join('\n    ')}` : ''}`)
						.join('\n'),
				);
			}),
		);

	const notices = program.command('notices').description('what was cut off, and what needs a look');
	notices
		.command('list')
		.description('all of them')
		.action(
			run(async (context) => {
				await context.unlock();
				const all = await context.call('notices.list', {});
				context.print(all, all.map((each) => `${each.id}  ${each.title}\n    ${each.text}`).join('\n') || 'Nothing.');
			}),
		);
	notices
		.command('resume <id>')
		.description('go on with a receive that was cut off')
		.action(
			run(async (context, _options, id: string) => {
				await context.unlock();
				const { credentialIds } = await context.call('receive.resume', { id });
				context.print({ credentialIds }, `Received.\n${credentialIds.join('\n')}`);
			}),
		);
	notices
		.command('dismiss <id>')
		.description('read; a receive that was cut off ends')
		.action(
			run(async (context, _options, id: string) => {
				await context.unlock();
				context.print(await context.call('notices.dismiss', { id }), 'Dismissed.');
			}),
		);
}
