import { checkChain, createStateSource, customNetwork } from '@holdfast/chain';
import type { AssetWallet, CallOutput } from '@holdfast/contract';
import { systemClock } from '@holdfast/kernel';
import { createGuardedFetch } from '@holdfast/net';
import { type BlockAuthority, blockByHand, blocksFromNodes, nonceBytes, readBundle, verifyOwnership } from '@holdfast/web3';
import { type Command, Option } from 'commander';
import { collectionArgument, textArgument, whole } from '../arguments.node.ts';
import type { Context } from '../context.node.ts';
import { CliError, usage } from '../errors.ts';
import type { Run } from '../main.node.ts';
import { collectionLine, ownershipWords, reportLines } from '../words.ts';
import { ownersCommands } from './owners.node.ts';

const MAX_BUNDLE = 512 * 1024;
const STANDARDS = ['erc721', 'erc1155'] as const;
type Standard = (typeof STANDARDS)[number];

interface VerifyOptions {
	verifier: string;
	nonce: string;
	ownerOf?: string;
	standard?: Standard;
	token?: string;
	purpose?: string;
	blockHash?: string;
	rpc: string[];
	blockAge: number;
	delegates?: boolean;
}

/** Where the block comes from: a hash that somebody looked up, or nodes that are asked, which have to agree. */
async function authority({ blockHash, rpc }: VerifyOptions, chainId: number): Promise<BlockAuthority> {
	if ((blockHash === undefined) === (rpc.length === 0)) throw usage('Say which block you trust: --block-hash, or --rpc once or more.');
	if (blockHash !== undefined) {
		if (!/^0x[0-9a-fA-F]{64}$/.test(blockHash)) throw usage('--block-hash takes 0x and 64 hexadecimal digits.');
		return blockByHand(blockHash as `0x${string}`);
	}
	const fetch = createGuardedFetch({ allowLoopback: true });
	const networks = rpc.map((rpcUrl) => customNetwork({ chainId, name: `chain ${chainId}`, rpcUrl }));
	for (const network of networks) await checkChain(network, fetch);
	return blocksFromNodes(
		`chain ${chainId}`,
		networks.map((network) => createStateSource(network, fetch)),
	);
}

/** Needs no wallet: whoever has the bundle and trusts a block can check it. */
async function verify(context: Context, options: VerifyOptions, argument: string): Promise<void> {
	const text = textArgument(argument, MAX_BUNDLE);
	const { statement, standard } = readBundle(text);
	const asked = options.ownerOf === undefined ? { chainId: Number(statement.chainId), contract: statement.collection } : collectionArgument(options.ownerOf);
	if (options.token !== undefined && !/^(0|[1-9]\d{0,77})$/.test(options.token)) throw usage('--token takes a token’s number.');
	const result = await verifyOwnership(text, {
		now: systemClock,
		verifier: options.verifier,
		nonce: nonceBytes(options.nonce),
		chainId: asked.chainId,
		collection: asked.contract,
		standard: options.standard ?? standard,
		...(options.token === undefined ? {} : { tokenId: BigInt(options.token) }),
		...(options.purpose === undefined ? {} : { purpose: options.purpose }),
		maxBlockAgeSec: options.blockAge,
		delegates: options.delegates ?? false,
		blocks: await authority(options, asked.chainId),
	});
	const { report } = result;
	const accepted = report.result !== 'failed';
	const shown = {
		accepted,
		holder: statement.holder,
		...(result.owner === undefined ? {} : { owner: result.owner }),
		network: Number(statement.chainId),
		collection: statement.collection,
		token: String(statement.tokenId),
		block: { number: String(statement.blockNumber), hash: statement.blockHash },
		report,
	};
	const words = reportLines(report).join('\n');
	if (!accepted) throw new CliError('verify/not-accepted', report.reason, { finding: { value: shown, words } });
	const did = result.owner === undefined ? 'owned' : `acted for ${result.owner}, the owner of`;
	context.print(shown, `${statement.holder} ${did} token ${statement.tokenId} of ${statement.collection} at block ${statement.blockNumber}.\n${words}`);
}

function walletWords({ address, tokens, standing, grant }: AssetWallet & CallOutput<'assets.walletTokens'>): string {
	const has = tokens.map(({ tokenId }) => tokenId).join(', ') || 'no token of it';
	const words = {
		own: 'belongs to a token of the account',
		delegate: 'lets the account act for it',
		none: `has not let the account act for it yet. From it, send to ${grant.to}: ${grant.data}`,
	};
	return `${address}  ${has}${standing === null ? '' : `\n  ${words[standing]}`}`;
}

const collect = (value: string, all: string[]): string[] => [...all, value];

export function assetCommands(program: Command, run: Run): void {
	const assets = program.command('assets').description('collections of tokens, each with an account of its own');
	assets
		.command('list')
		.description('every collection, and where to receive its tokens')
		.action(
			run(async (context) => {
				await context.unlock();
				const all = await context.call('assets.list', {});
				context.print(all, all.map(collectionLine).join('\n') || 'None yet.');
			}),
		);
	assets
		.command('add <collection>')
		.description('make the account for a collection: eip155:1:0x…')
		.addOption(new Option('--standard <standard>', 'how it counts; asked of the contract where it is left out').choices([...STANDARDS]))
		.option('--name <name>', 'what to call it; asked of the contract where it is left out')
		.action(
			run(async (context, { standard, name }: { standard?: Standard; name?: string }, collection: string) => {
				await context.unlock();
				const added = await context.call('assets.add', {
					...collectionArgument(collection),
					...(standard === undefined ? {} : { standard }),
					...(name === undefined ? {} : { name }),
				});
				context.print(added, collectionLine(added));
			}),
		);
	assets
		.command('tokens <id>')
		.description('what its account owns, as the network’s node tells it')
		.action(
			run(async (context, _options, id: string) => {
				await context.unlock();
				const found = await context.call('assets.tokens', { id });
				const lines = found.tokens.map(({ tokenId, amount }) => (amount === '1' ? tokenId : `${tokenId}  ×${amount}`));
				context.print(found, [...lines, ...(found.complete ? [] : ['There may be more.'])].join('\n') || 'None.');
			}),
		);
	assets
		.command('wallets <id>')
		.description('wallets elsewhere with tokens of it; --add or --forget one; what each has, and whether its account may prove it')
		.option('--add <address>', 'a wallet that lets the account act for it (delegate.xyz), or that belongs to one of its tokens (ERC-6551)')
		.option('--forget <address>', 'a wallet that is no longer to stand here')
		.action(
			run(async (context, { add, forget }: { add?: string; forget?: string }, id: string) => {
				await context.unlock();
				if (add !== undefined) await context.call('assets.addWallet', { id, address: add });
				if (forget !== undefined) await context.call('assets.removeWallet', { id, address: forget });
				const wallets = [];
				for (const wallet of await context.call('assets.wallets', { id }))
					wallets.push({ ...wallet, ...(await context.call('assets.walletTokens', { id, address: wallet.address })) });
				context.print(wallets, wallets.map(walletWords).join('\n') || 'None.');
			}),
		);
	assets
		.command('remove <id>')
		.description('forget a collection; its account comes back when it is added again')
		.action(
			run(async (context, _options, id: string) => {
				await context.unlock();
				context.print(await context.call('assets.remove', { id }), 'Removed.');
			}),
		);

	const ownership = program.command('ownership').description('proofs that an account owns a token, and choices of owners who are not named');
	ownership
		.command('present <collection-id>')
		.description('make a proof, for a verifier that does not ask through OpenID4VP')
		.requiredOption('--token <number>', 'which token')
		.requiredOption('--verifier <id>', 'how the verifier calls itself')
		.requiredOption('--nonce <text>', 'what the verifier gave for this request')
		.option('--purpose <text>', 'what it is for', '')
		.option('--wallet <address>', 'the wallet that has it, of: holdfast assets wallets')
		.action(
			run(async (context, options: { token: string; verifier: string; nonce: string; purpose: string; wallet?: string }, collectionId: string) => {
				await context.unlock();
				const { verifier, nonce, purpose, wallet } = options;
				const review = await context.call('ownership.prepare', {
					collectionId,
					tokenId: options.token,
					...(wallet === undefined ? {} : { wallet }),
					verifier,
					nonce,
					purpose,
				});
				if (!(await context.approve(ownershipWords(review)))) {
					await context.call('ownership.discard', { id: review.id });
					throw new CliError('cli/not-approved', 'Refused. Nothing was signed.');
				}
				const made = await context.call('ownership.approve', { id: review.id });
				context.print(made, made.bundle);
			}),
		);
	ownership
		.command('verify <bundle>')
		.description('check a proof against a block that you trust: text, @file or -. Needs no wallet')
		.requiredOption('--verifier <id>', 'how you call yourself')
		.requiredOption('--nonce <text>', 'what you gave for this request')
		.option('--block-hash <hash>', 'the block, looked up by you: nobody is asked')
		.option('--rpc <url>', 'a node that knows the block; repeat it, and they have to agree', collect, [] as string[])
		.option('--owner-of <collection>', 'the collection that you asked for: eip155:1:0x…')
		.addOption(new Option('--standard <standard>', 'how it counts').choices([...STANDARDS]))
		.option('--token <number>', 'the token that you asked for')
		.option('--delegates', 'take a proof by whoever the owner lets act for it')
		.option('--purpose <text>', 'what you said that it is for')
		.option('--block-age <seconds>', 'the oldest block that you take', whole('--block-age'), 3600)
		.action(run(verify));
	ownersCommands(ownership, run);
}
