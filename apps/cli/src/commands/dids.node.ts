import type { DidMethod, KeyType } from '@holdfast/contract';
import { type Command, Option } from 'commander';
import { whole } from '../arguments.node.ts';
import type { Run } from '../main.node.ts';
import { didLine } from '../words.ts';

interface CreateOptions {
	method: DidMethod;
	keyType?: KeyType;
	alias?: string;
	chain?: number;
	domain?: string;
	path?: string;
}

export function didCommands(program: Command, run: Run): void {
	const did = program.command('did').description('identities');
	did
		.command('create')
		.description('make an identity with a key of its own')
		.addOption(
			new Option('--method <method>', 'the DID method').choices(['did:key', 'did:jwk', 'did:web', 'did:ethr', 'did:peer', 'did:pkh']).default('did:jwk'),
		)
		.addOption(new Option('--key-type <type>', "the key's type, where the method leaves a choice").choices(['Ed25519', 'Secp256k1', 'Secp256r1']))
		.option('--alias <name>', 'a name for yourself')
		.option('--chain <id>', 'chain id, for did:ethr (holdfast network list)', whole('--chain'))
		.option('--domain <domain>', 'for did:web')
		.option('--path <path>', 'for did:web')
		.action(
			run(async (context, { method, keyType, alias, chain, domain, path }: CreateOptions) => {
				await context.unlock();
				const made = await context.call('dids.create', {
					method,
					...(keyType ? { keyType } : {}),
					...(alias ? { alias } : {}),
					...(chain ? { chainId: chain } : {}),
					...(domain ? { domain } : {}),
					...(path ? { path } : {}),
				});
				context.print(made, made.publishAt ? `${made.did}\nPublish its document at ${made.publishAt} (holdfast did publish)` : made.did);
			}),
		);
	did
		.command('list')
		.description('the identities of this wallet')
		.action(
			run(async (context) => {
				await context.unlock();
				const all = await context.call('dids.list', {});
				context.print(all, all.map(didLine).join('\n') || 'There are no identities yet.');
			}),
		);
	did
		.command('resolve <did>')
		.description('the document of any identity')
		.option('--fresh', 'do not use a stored answer')
		.action(
			run(async (context, { fresh }: { fresh?: boolean }, subject: string) => {
				await context.unlock();
				const found = await context.call('dids.resolve', { did: subject, ...(fresh ? { fresh } : {}) });
				context.print(found, JSON.stringify(found.document, null, 2));
			}),
		);
	did
		.command('publish <did> <folder>')
		.description('write did.json below the folder that a web server serves')
		.action(
			run(async (context, _options, subject: string, folder: string) => {
				await context.unlock();
				context.allowFolder(folder);
				const { path } = await context.call('dids.publishWeb', { did: subject });
				context.print({ path }, path ?? 'Nothing was written.');
			}),
		);

	const network = program.command('network').description('Ethereum networks for did:ethr');
	network
		.command('list')
		.description('networks that are known')
		.action(
			run(async (context) => {
				await context.unlock();
				const all = await context.call('networks.list', {});
				context.print(all, all.map((each) => `${each.chainId}  ${each.name}  ${each.rpcUrl}`).join('\n'));
			}),
		);
	network
		.command('add <chainId> <name> <rpcUrl>')
		.description('use a node of your choice')
		.option('--registry <address>', 'ERC-1056 registry contract')
		.action(
			run(async (context, { registry }: { registry?: string }, chainId: string, name: string, rpcUrl: string) => {
				await context.unlock();
				context.print(await context.call('networks.save', { chainId: whole('<chainId>')(chainId), name, rpcUrl, ethrRegistry: registry ?? null }), 'Saved.');
			}),
		);
	network
		.command('remove <chainId>')
		.description('forget a network that was added')
		.action(
			run(async (context, _options, chainId: string) => {
				await context.unlock();
				context.print(await context.call('networks.remove', { chainId: whole('<chainId>')(chainId) }), 'Removed.');
			}),
		);
}
