import type { CallInput, CredentialFormat } from '@holdfast/contract';
import { ID_PATTERN } from '@holdfast/kernel';
import { type Command, Option } from 'commander';
import { collectionArgument, jsonArgument, textArgument, whole } from '../arguments.node.ts';
import { textToPath } from '../claim-path.ts';
import type { Context } from '../context.node.ts';
import { CliError, usage } from '../errors.ts';
import type { Run } from '../main.node.ts';
import { verdictWords, verificationWords } from '../words.ts';

interface RequestOptions {
	preset?: string;
	notRevoked?: boolean;
	maxAge?: number;
	once?: string;
	type?: string;
	claim: string[];
	format: CredentialFormat;
	dcql?: string;
	ownerOf?: string;
	standard: 'erc721' | 'erc1155';
	token?: string;
	blockAge?: number;
	delegates?: boolean;
	title?: string;
	reason?: string;
	did?: string;
	encrypted?: boolean;
	expiresIn: number;
}

function requestOf(options: RequestOptions): CallInput<'verify.prepare'>['request'] {
	const { notRevoked, maxAge, once } = options;
	if ((notRevoked || once !== undefined) && options.preset === undefined) throw usage('--not-revoked and --once go with --preset.');
	if (maxAge !== undefined && !notRevoked) throw usage('--max-age goes with --not-revoked.');
	if (options.preset !== undefined)
		return {
			kind: 'preset',
			presetId: options.preset,
			...(notRevoked ? { notRevoked: { maxAgeSec: (maxAge ?? DAY_HOURS) * 3600 } } : {}),
			...(once === undefined ? {} : { once: { purpose: once } }),
		};
	if (options.dcql !== undefined) {
		const dcql = jsonArgument('--dcql', options.dcql);
		if (typeof dcql !== 'object' || dcql === null || Array.isArray(dcql)) throw usage('--dcql takes a JSON object.');
		return { kind: 'dcql', dcql: dcql as Extract<CallInput<'verify.prepare'>['request'], { kind: 'dcql' }>['dcql'] };
	}
	if (options.ownerOf !== undefined)
		return {
			kind: 'ownership',
			...collectionArgument(options.ownerOf),
			standard: options.standard,
			tokenId: options.token ?? null,
			...(options.blockAge === undefined ? {} : { maxBlockAgeSec: options.blockAge }),
			...(options.delegates ? { delegates: true } : {}),
		};
	if (options.type === undefined || options.claim.length === 0) throw usage('Say what to ask for: --preset, or --type with --claim, or --owner-of, or --dcql.');
	return { kind: 'claims', typeId: options.type, format: options.format, paths: options.claim.map(textToPath) };
}

/** The verdict is no, and here is why. */
const notAccepted = (sentence: string, value: unknown, words: string): CliError => new CliError('verify/not-accepted', sentence, { finding: { value, words } });

const DAY_HOURS = 24;
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
		.option('--not-revoked', 'with --preset: refuse revoked documents (holdfast presets says which requests can)')
		.option('--max-age <hours>', 'how old the list of revoked documents may be (default: 24)', whole('--max-age'))
		.option('--once <purpose>', 'with --preset and --did: accept each holder once for this purpose, without knowing who it is')
		.option('--type <id>', 'credential type')
		.option('--claim <path>', 'a claim to ask for; repeat it', (value: string, all: string[]) => [...all, value], [] as string[])
		.addOption(new Option('--format <format>', 'the format').choices(['dc+sd-jwt', 'jwt_vc_json']).default('dc+sd-jwt'))
		.option('--owner-of <collection>', 'that they own a token of it: chain id and contract, as eip155:1:0x…')
		.addOption(new Option('--standard <standard>', 'how that collection counts').choices(['erc721', 'erc1155']).default('erc721'))
		.option('--token <number>', 'this token of it; any where it is left out')
		.option('--block-age <seconds>', 'the oldest block at which they may have owned it', whole('--block-age'))
		.option('--delegates', 'with --owner-of, take whoever the owner lets act for it (delegate.xyz) as well')
		.option('--dcql <json>', 'a DCQL query: JSON, @file or -')
		.option('--reason <text>', 'why it is asked; the holder reads it')
		.option('--title <text>', 'its name in your own list')
		.option('--did <did>', 'the identity that signs the request')
		.option('--encrypted', 'have the answer encrypted')
		.option('--expires-in <minutes>', 'how long the request is open', whole('--expires-in'), 15)
		.action(
			run(async (context, options: RequestOptions) => {
				await context.unlock();
				const review = await context.call('verify.prepare', {
					title: options.title ?? options.reason ?? options.preset ?? 'Verification',
					...(options.reason === undefined ? {} : { purpose: options.reason }),
					request: requestOf(options),
					verifierDid: options.did ?? null,
					encrypted: options.encrypted ?? false,
					expiresInMinutes: options.expiresIn,
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
				context.print(
					all,
					all.map((each) => `${each.id}  ${each.title}${each.can.refuseRevoked ? '  --not-revoked' : ''}${each.can.askOnce ? '  --once' : ''}`).join('\n'),
				);
			}),
		);

	program
		.command('verify <request-or-document>')
		.description('the verdict of a request by its id, or of a document or presentation: text, @file or -')
		.option('--wait <seconds>', 'wait for the answer', whole('--wait'), 0)
		.option('--nonce <nonce>', 'of a presentation given as text')
		.option('--audience <id>', 'of a presentation given as text')
		.option('--delegates', 'of a proof of owning a token given as text: take whoever the owner lets act for it (delegate.xyz) as well')
		.action(
			run(async (context, { wait, nonce, audience, delegates }: { wait: number; nonce?: string; audience?: string; delegates?: boolean }, subject: string) => {
				await context.unlock();
				if (ID_PATTERN.test(subject)) {
					const found = await waitFor(context, subject, wait);
					const no = found.refusal ?? (found.verdict && !found.verdict.accepted ? found.verdict.sentence : null);
					if (no !== null) throw notAccepted(no, found, verificationWords(found));
					context.print(found, verificationWords(found));
					return;
				}
				if ((nonce === undefined) !== (audience === undefined)) throw usage('A presentation is checked with both --nonce and --audience.');
				const verdict = await context.call('verify.check', {
					text: textArgument(subject),
					...(nonce === undefined ? {} : { nonce }),
					...(audience === undefined ? {} : { audience }),
					...(delegates ? { delegates } : {}),
				});
				if (!verdict.accepted) throw notAccepted(verdict.sentence, verdict, verdictWords(verdict));
				context.print(verdict, verdictWords(verdict));
			}),
		);

	const requests = program.command('requests').description('requests that were made');
	requests
		.command('list')
		.description('every request and its state')
		.action(
			run(async (context) => {
				await context.unlock();
				const all = await context.call('verify.list', {});
				context.print(all, all.map((each) => `${each.id}  ${each.title}  ${each.state}`).join('\n') || 'There are no requests yet.');
			}),
		);
	requests
		.command('cancel <id>')
		.description('withdraw a request')
		.action(
			run(async (context, _options, id: string) => {
				await context.unlock();
				context.print(await context.call('verify.cancel', { id }), 'Cancelled.');
			}),
		);

	const trust = program.command('trust').description('issuers that verdicts accept');
	trust
		.command('list')
		.description('who is trusted')
		.action(
			run(async (context) => {
				await context.unlock();
				const all = await context.call('trust.list', {});
				context.print(all, all.map((each) => `${each.issuer}  ${each.name}`).join('\n') || 'Nobody yet, but this wallet itself.');
			}),
		);
	trust
		.command('add <issuer> <name>')
		.description('accept an issuer, by its DID or address')
		.action(
			run(async (context, _options, issuer: string, name: string) => {
				await context.unlock();
				context.print(await context.call('trust.add', { issuer, name }), `${name} is trusted now.`);
			}),
		);
	trust
		.command('remove <issuer>')
		.description('accept an issuer no more')
		.action(
			run(async (context, _options, issuer: string) => {
				await context.unlock();
				context.print(await context.call('trust.remove', { issuer }), 'Removed.');
			}),
		);
}
