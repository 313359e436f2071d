import type { Dao, SessionKey, Vote, VoteReview } from '@holdfast/contract';
import { Argument, type Command } from 'commander';
import { textArgument, whole } from '../arguments.node.ts';
import type { Context } from '../context.node.ts';
import { CliError, usage } from '../errors.ts';
import type { Run } from '../main.node.ts';

/** Snapshot's own servers, unless others are named. */
const HUB = 'https://hub.snapshot.org/graphql';
const SEQUENCER = 'https://seq.snapshot.org';
const GATEWAY = 'https://ipfs.snapshot.box/ipfs/';

interface FollowOptions {
	hub: string;
	sequencer: string;
	gateway: string;
	chain?: number;
	service?: string;
}

const linesOf = (facts: readonly { readonly label: string; readonly value: string }[]): string =>
	facts.map(({ label, value }) => `  ${label}: ${value}`).join('\n');

const reviewWords = ({ sentence, lines, warnings, taker, digest }: VoteReview): string =>
	[sentence, linesOf(lines), ...warnings.map((warning) => `! ${warning}`), `  Digest: ${digest}`, ...(taker === null ? [] : [`  It goes to: ${taker}`])].join(
		'\n',
	);

export const voteWords = ({ id, sentence, state, check, signature }: Vote): string =>
	[
		`${sentence}`,
		`  ${check?.words ?? { sending: 'No answer was seen.', sent: 'It was taken.', signed: 'It is signed.', failed: 'It was not taken.' }[state]}`,
		`  Signature: ${signature}`,
		`  ${id}`,
	].join('\n');

/** Has a review read and approved, and signs it. `more`: lines to be read with it. @throws CliError cli/not-approved */
export async function approveAndSign(context: Context, review: VoteReview, submit: boolean, more: readonly string[] = []): Promise<Vote> {
	if (!(await context.approve([reviewWords(review), ...more].join('\n')))) {
		await context.call('votes.refuse', { id: review.id });
		throw new CliError('cli/not-approved', 'Declined. Nothing was signed.');
	}
	return context.call('votes.approve', { id: review.id, submit });
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

function sessionKeyWords(key: SessionKey | null): string {
	if (!key) return 'This space has no session key.';
	const { owner, address, state, expiresAt, request } = key;
	const until = expiresAt === null ? '' : ` ${day(expiresAt)}`;
	const words = { asked: 'asked for: its owner has not signed yet', 'in-force': `in force until${until}`, expired: `expired${until}` }[state];
	return [
		`Session key ${address}, ${words}`,
		`  It votes for: ${owner}`,
		...(request === null
			? []
			: [
					`To be signed by ${owner} (eth_signTypedData_v4), then handed in before ${day(request.until)}: ${request.sentence}`,
					linesOf(request.lines),
					...request.warnings.map((warning) => `! ${warning}`),
					`  Digest: ${request.digest}`,
					`  It goes to: ${request.taker}`,
					request.typedData,
				]),
	].join('\n');
}

/** The DAO that is meant: by its id, its account or its name. */
export async function daoOf(context: Context, text: string): Promise<Dao> {
	const wanted = text.toLowerCase();
	const found = (await context.call('votes.daos', {})).filter(({ id, account, name }) => [id, account.toLowerCase(), name.toLowerCase()].includes(wanted));
	const [dao] = found;
	if (!dao || found.length > 1) throw usage('Name one of your DAOs by its id, its account or its name: holdfast vote daos.');
	return dao;
}

/** Votes in DAOs, by the accounts that were made for them. */
export function voteCommands(program: Command, run: Run): Command {
	const vote = program.command('vote').description('votes in DAOs, each with an account of its own');

	vote
		.command('daos')
		.description('the DAOs that are followed')
		.action(
			run(async (context) => {
				await context.unlock();
				const daos = await context.call('votes.daos', {});
				context.print(
					daos,
					daos.map(({ id, name, where, account }) => `${name}\n  ${where}\n  account ${account}\n  ${id}`).join('\n') || 'You follow no DAO yet.',
				);
			}),
		);

	vote
		.command('follow')
		.description('follow a DAO: a Snapshot space, or a contract with --chain')
		.addArgument(new Argument('<system>', 'how it votes').choices(['snapshot', 'governor', 'bravo', 'baal', 'safe']))
		.argument('<place>', 'the space’s name, or the contract’s address')
		.option('--chain <id>', 'the contract’s network', whole('--chain'))
		.option('--hub <url>', 'Snapshot hub to read from', HUB)
		.option('--sequencer <url>', 'where votes go', SEQUENCER)
		.option('--gateway <url>', 'IPFS gateway', GATEWAY)
		.option('--service <url>', 'a Safe’s transaction service, up to /api')
		.action(
			run(async (context, options: FollowOptions, system: string, place: string) => {
				await context.unlock();
				const { hub: hubUrl, sequencer: sequencerUrl, gateway: gatewayUrl, chain: chainId } = options;
				if (system !== 'snapshot' && chainId === undefined) throw usage('--chain says on which network the contract is.');
				const contract = { chainId: chainId ?? 0, contract: place };
				const review = await context.call('votes.look', {
					ref:
						system === 'snapshot'
							? { system, space: place.toLowerCase(), hubUrl, sequencerUrl, gatewayUrl }
							: system === 'safe'
								? { system, ...contract, serviceUrl: options.service ?? null }
								: { system: system as 'governor' | 'bravo' | 'baal', ...contract },
				});
				const ways = review.ways.map(
					({ name, hidesWallet, words }) => `  ${name} (${hidesWallet ? 'can hide your wallet' : 'only protects its key'}): ${words}`,
				);
				const words = [
					`${review.dao.name}, ${review.dao.where}`,
					`  Account made for it: ${review.dao.account}`,
					`  It signs only: ${review.signs.join('; ')}`,
					`  Voting power: ${review.power}`,
					...ways,
					...review.dao.learns.map((each) => `  ${each}`),
					linesOf(review.facts),
				].join('\n');
				if (!(await context.approve(words))) throw new CliError('cli/not-approved', 'Declined. Nothing was kept.');
				const dao = await context.call('votes.follow', { id: review.id });
				context.print(dao, `You follow ${dao.name} with the account ${dao.account}.`);
			}),
		);

	vote
		.command('review <dao> <typed-data>')
		.description('say in words what typed data (EIP-712) asks a DAO’s account to sign; @file or - for standard input')
		.action(
			run(async (context, _options: object, dao: string, typedData: string) => {
				await context.unlock();
				const review = await context.call('votes.prepareTypedData', { daoId: (await daoOf(context, dao)).id, text: textArgument(typedData) });
				await context.call('votes.refuse', { id: review.id });
				context.print(review, reviewWords(review));
			}),
		);

	vote
		.command('sign <dao> <typed-data>')
		.description('the same, then sign it, and with --submit hand it in')
		.option('--submit', 'hand the vote in where the DAO takes signatures')
		.action(
			run(async (context, { submit = false }: { submit?: boolean }, dao: string, typedData: string) => {
				await context.unlock();
				const review = await context.call('votes.prepareTypedData', { daoId: (await daoOf(context, dao)).id, text: textArgument(typedData) });
				const signed = await approveAndSign(context, review, submit);
				context.print(signed, voteWords(signed));
			}),
		);

	vote
		.command('list')
		.description('votes that were signed here')
		.action(
			run(async (context) => {
				await context.unlock();
				const votes = await context.call('votes.list', {});
				context.print(votes, votes.map(voteWords).join('\n') || 'There are no votes yet.');
			}),
		);

	vote
		.command('check <id>')
		.description('look whether a vote counted')
		.action(
			run(async (context, _options: object, id: string) => {
				await context.unlock();
				const checked = await context.call('votes.check', { id });
				context.print(checked, voteWords(checked));
			}),
		);

	const key = vote.command('session-key').description('a key that votes in a Snapshot space for an account elsewhere; everybody can see whose it is');

	key
		.command('show')
		.description('the session key of a space, and what its owner has to sign')
		.argument('<dao>')
		.action(
			run(async (context, _options: object, dao: string) => {
				await context.unlock();
				const shown = await context.call('votes.sessionKey', { daoId: (await daoOf(context, dao)).id });
				context.print(shown, sessionKeyWords(shown));
			}),
		);

	key
		.command('begin')
		.description('make one, and say what its owner has to sign elsewhere')
		.argument('<dao>')
		.argument('<owner>', 'the account with the voting power')
		.action(
			run(async (context, _options: object, dao: string, owner: string) => {
				await context.unlock();
				const asked = await context.call('votes.beginSessionKey', { daoId: (await daoOf(context, dao)).id, owner });
				context.print(asked, sessionKeyWords(asked));
			}),
		);

	key
		.command('find')
		.description('take up one that this wallet made before a recovery, as the hub lists it')
		.argument('<dao>')
		.argument('<owner>', 'the account with the voting power')
		.action(
			run(async (context, _options: object, dao: string, owner: string) => {
				await context.unlock();
				const found = await context.call('votes.findSessionKey', { daoId: (await daoOf(context, dao)).id, owner });
				context.print(found, sessionKeyWords(found));
			}),
		);

	key
		.command('end')
		.description('say what its owner has to sign to end it')
		.argument('<dao>')
		.action(
			run(async (context, _options: object, dao: string) => {
				await context.unlock();
				const asked = await context.call('votes.endSessionKey', { daoId: (await daoOf(context, dao)).id });
				context.print(asked, sessionKeyWords(asked));
			}),
		);

	key
		.command('hand-in')
		.description('check the owner’s signature and hand it in')
		.argument('<dao>')
		.argument('<signature>', 'what the owner’s wallet gave; @file or - for standard input')
		.action(
			run(async (context, _options: object, dao: string, signature: string) => {
				await context.unlock();
				const taken = await context.call('votes.handInSessionKey', { daoId: (await daoOf(context, dao)).id, signature: textArgument(signature) });
				context.print(taken, taken === null ? 'The session key has ended.' : sessionKeyWords(taken));
			}),
		);

	key
		.command('drop')
		.description('stop using it here, without its owner; Snapshot may list it until it expires')
		.argument('<dao>')
		.action(
			run(async (context, _options: object, dao: string) => {
				await context.unlock();
				const { id: daoId } = await daoOf(context, dao);
				if (!(await context.approve(sessionKeyWords(await context.call('votes.sessionKey', { daoId })))))
					throw new CliError('cli/not-approved', 'Declined. Nothing was changed.');
				await context.call('votes.dropSessionKey', { daoId });
				context.print(null, 'It is not used here any more.');
			}),
		);

	return vote;
}
