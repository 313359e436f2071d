import type { CallInput, CredentialFormat } from '@holdfast/contract';
import { HoldfastError } from '@holdfast/kernel';
import type { Command } from 'commander';
import type { Context } from '../context.node.ts';
import type { Run } from '../main.node.ts';
import { verdictWords, verificationWords } from '../words.ts';
import { textArgument } from './wallet.node.ts';

interface RequestOptions {
	preset?: string;
	type?: string;
	claim: string[];
	format: CredentialFormat;
	dcql?: string;
	title?: string;
	did?: string;
	encrypted?: boolean;
	expiresIn: string;
}

/** `address.locality` as a claims path pointer; `*` stands for every element. */
const claimPath = (text: string): (string | number | null)[] => text.split('.').map((part) => (part === '*' ? null : /^\d+$/.test(part) ? Number(part) : part));

function requestOf(options: RequestOptions): CallInput<'verify.prepare'>['request'] {
	if (options.preset !== undefined) return { kind: 'preset', presetId: options.preset };
	if (options.dcql !== undefined) {
		try {
			return { kind: 'dcql', dcql: JSON.parse(textArgument(options.dcql)) };
		} catch (cause) {
			throw new HoldfastError('cli/usage', '--dcql takes a DCQL query as JSON, @file or -.', { cause });
		}
	}
	if (options.type === undefined || options.claim.length === 0)
		throw new HoldfastError('cli/usage', 'Say what to ask for: --preset, or --type with --claim, or --dcql.');
	return { kind: 'claims', typeId: options.type, format: options.format, paths: options.claim.map(claimPath) };
}

const POLL_MS = 250;

async function waitFor(context: Context, id: string, seconds: number) {
	const until = Date.now() + seconds * 1000;
	for (;;) {
		const found = await context.call('verify.get', { id });
		if (found.verdict || found.refusal || !['open', 'received'].includes(found.state) || Date.now() >= until) return found;
		await new Promise((resolve) => setTimeout(resolve, POLL_MS));
	}
}

export function verifierCommands(program: Command, run: Run): void {
	program
		.command('request')
		.description('ask for something (OpenID4VP); needs "holdfast serve verifier"')
		.option('--preset <id>', 'a ready request (holdfast presets)')
		.option('--type <id>', 'credential type')
		.option('--claim <path>', 'a claim to ask for; repeat it', (value: string, all: string[]) => [...all, value], [] as string[])
		.option('--format <format>', 'dc+sd-jwt or jwt_vc_json', 'dc+sd-jwt')
		.option('--dcql <json>', 'a DCQL query: JSON, @file or -')
		.option('--title <text>', 'why it is asked, shown to the holder')
		.option('--did <did>', 'the identity that signs the request')
		.option('--encrypted', 'have the answer encrypted')
		.option('--expires-in <minutes>', 'how long the request is open', '15')
		.action(
			run(async (context, options: RequestOptions) => {
				await context.unlock();
				const review = await context.call('verify.prepare', {
					title: options.title ?? options.preset ?? 'Verification',
					request: requestOf(options),
					verifierDid: options.did ?? null,
					encrypted: options.encrypted ?? false,
					expiresInMinutes: Number(options.expiresIn),
				});
				const made = await context.call('verify.approve', { id: review.id });
				context.print(made, `${made.uri}\n${verificationWords(made)}`);
			}),
		);

	program
		.command('presets')
		.description('ready requests')
		.action(
			run(async (context) => {
				await context.unlock();
				const all = await context.call('verify.presets', {});
				context.print(all, all.map((each) => `${each.id}  ${each.title}`).join('\n'));
			}),
		);

	program
		.command('verify <request-or-document>')
		.description('the verdict of a request by its id, or of a document or presentation: text, @file or -')
		.option('--wait <seconds>', 'wait for the answer', '0')
		.option('--nonce <nonce>', 'of a presentation given as text')
		.option('--audience <id>', 'of a presentation given as text')
		.action(
			run(async (context, { wait, nonce, audience }: { wait: string; nonce?: string; audience?: string }, subject: string) => {
				await context.unlock();
				if (/^[0-9a-hjkmnp-tv-z]{26}$/.test(subject)) {
					const found = await waitFor(context, subject, Number(wait));
					context.print(found, verificationWords(found));
					if (found.refusal) throw new HoldfastError('verify/not-accepted', found.refusal);
					if (found.verdict && !found.verdict.accepted) throw new HoldfastError('verify/not-accepted', found.verdict.sentence);
					return;
				}
				const verdict = await context.call('verify.check', {
					text: textArgument(subject),
					...(nonce === undefined ? {} : { nonce }),
					...(audience === undefined ? {} : { audience }),
				});
				context.print(verdict, verdictWords(verdict));
				if (!verdict.accepted) throw new HoldfastError('verify/not-accepted', verdict.sentence);
			}),
		);

	const trust = program.command('trust').description('issuers that verdicts accept');
	trust.command('list').action(
		run(async (context) => {
			await context.unlock();
			const all = await context.call('trust.list', {});
			context.print(all, all.map((each) => `${each.issuer}  ${each.name}`).join('\n') || 'Nobody yet, but this wallet itself.');
		}),
	);
	trust.command('add <issuer> <name>').action(
		run(async (context, _options, issuer: string, name: string) => {
			await context.unlock();
			context.print(await context.call('trust.add', { issuer, name }), `${name} is trusted now.`);
		}),
	);
	trust.command('remove <issuer>').action(
		run(async (context, _options, issuer: string) => {
			await context.unlock();
			context.print(await context.call('trust.remove', { issuer }), 'Removed.');
		}),
	);
}
