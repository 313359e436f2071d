import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@holdfast/kernel';
import { type Hex, hashTypedData, recoverTypedDataAddress } from 'viem';
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';

type TypedDataInput = Parameters<typeof hashTypedData>[0];
type Fields = readonly { readonly name: string; readonly type: string }[];

const fields = (text: string): Fields =>
	text.split(',').map((member) => {
		const [type = '', name = ''] = member.split(' ');
		return { name, type };
	});

const DOMAIN = { name: 'snapshot', version: '0.1.4' };
const PROPOSAL = {
	Proposal: fields(
		'string from,string space,uint64 timestamp,string type,string title,string body,string discussion,string[] choices,string[] labels,uint64 start,uint64 end,uint64 snapshot,string plugins,string privacy,string app',
	),
};
const UPDATE = {
	UpdateProposal: fields(
		'string proposal,string from,string space,uint64 timestamp,string type,string title,string body,string discussion,string[] choices,string[] labels,string plugins,string privacy',
	),
};

/**
 * What the hub's schema calls things (sx-monorepo, apps/hub/src/graphql/schema.gql): the type of each query's variables, and the fields that
 * can be asked for. A query that the real hub would refuse is refused here too.
 */
const SCHEMA: Readonly<Record<string, { readonly variables: Readonly<Record<string, string>>; readonly fields: string }>> = {
	space: { variables: { id: 'String!' }, fields: 'id name network symbol strategies voting delay period quorum privacy' },
	proposal: {
		variables: { id: 'String!' },
		fields: 'id ipfs author created updated space network type title body choices labels start end quorum privacy snapshot state app scores votes',
	},
	proposals: { variables: { first: 'Int!', where: 'ProposalWhere' }, fields: 'id ipfs author created updated space title start end state' },
	vote: { variables: { id: 'String!' }, fields: 'id ipfs voter created space proposal choice reason app vp vp_state' },
	votes: { variables: { where: 'VoteWhere' }, fields: 'id ipfs voter created space proposal choice reason app vp vp_state' },
	messages: { variables: { where: 'MessageWhere' }, fields: 'mci id ipfs address version timestamp space type sig receipt' },
	aliases: { variables: { where: 'AliasWhere' }, fields: 'id ipfs address alias created' },
	vp: { variables: { voter: 'String!', space: 'String!', proposal: 'String' }, fields: 'vp vp_by_strategy vp_state' },
};

/** Throws for a query that does not fit {@link SCHEMA}; returns what it asks for. */
function askedFor(query: string): string {
	const [, declared = '', asked = '', selection = ''] = /^query\((.*?)\) \{ it: (\w+)\(.*?\) \{(.*)\} \}$/.exec(query) ?? [];
	const known = SCHEMA[asked];
	if (!known) throw new Error('unknown query');
	for (const variable of declared.split(', ')) {
		const [name = '', type] = variable.slice(1).split(': ');
		if (known.variables[name] !== type) throw new Error(`unknown type ${type} of ${name}`);
	}
	for (const field of selection.match(/\w+/g) ?? [])
		if (!known.fields.split(' ').includes(field) && field !== 'id' && field !== 'name') throw new Error(`unknown field ${field}`);
	return asked;
}

export interface VoteEnvelope {
	readonly address: string;
	readonly sig: Hex;
	readonly data: { readonly domain: Record<string, unknown>; readonly types: Record<string, Fields>; readonly message: Record<string, unknown> };
}

export interface ProposalInput {
	readonly title: string;
	readonly body?: string;
	readonly choices: readonly string[];
	readonly type?: string;
	readonly privacy?: string;
	/** Seconds from now. Default: began an hour ago, ends in a day. */
	readonly start?: number;
	readonly end?: number;
	/** The space that is signed, where it is another than the one in which it is shown. */
	readonly space?: string;
}

type Row = Record<string, unknown> & { readonly id: string };

/**
 * A Snapshot hub, sequencer and IPFS gateway on loopback, for tests. It signs proposals as their author, takes votes as the real one
 * does (window of time, signature, sender or alias), counts them, and can be told to lie. Written on viem alone, so that it shares no
 * code with what it tests.
 */
export class TestSnapshotHub {
	readonly space: string;
	readonly author: PrivateKeyAccount = privateKeyToAccount(generatePrivateKey());
	readonly relayer: PrivateKeyAccount = privateKeyToAccount(generatePrivateKey());
	readonly votes: Row[] = [];
	readonly received: VoteEnvelope[] = [];
	readonly #clock: Clock;
	readonly #check: (envelope: VoteEnvelope, proposal: Row | undefined) => Promise<string | undefined>;
	readonly #proposals = new Map<string, Row>();
	readonly #messages: Row[] = [];
	readonly #aliases: Row[] = [];
	readonly #files = new Map<string, string>();
	readonly #server = createServer((request, response) => void this.#answer(request, response));
	/** Changes what is shown of a proposal, as a dishonest hub would. */
	lie: (proposal: Row) => Row = (proposal) => proposal;
	/** The network that the space names. */
	network = '1';
	/** Whether a contract takes a signature of a digest (EIP-1271); without it, only keys sign. */
	contract: ((address: Hex, digest: Hex, signature: Hex) => Promise<boolean>) | undefined;
	/** Why every vote is refused, while it is. */
	closed: string | undefined;
	/** How much power every voter has. */
	power = 12.5;

	constructor(options: {
		readonly space: string;
		readonly clock: Clock;
		readonly check?: (envelope: VoteEnvelope, proposal: Row | undefined) => Promise<string | undefined>;
	}) {
		this.space = options.space;
		this.#clock = options.clock;
		this.#check = options.check ?? (async () => undefined);
	}

	async start(): Promise<{ readonly space: string; readonly hubUrl: string; readonly sequencerUrl: string; readonly gatewayUrl: string }> {
		await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
		const base = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
		return { space: this.space, hubUrl: `${base}/graphql`, sequencerUrl: `${base}/seq`, gatewayUrl: `${base}/ipfs/` };
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	/** Signs and publishes a proposal; returns its id. */
	async propose(input: ProposalInput): Promise<string> {
		const now = this.#now();
		const message = {
			from: this.author.address,
			space: input.space ?? this.space,
			timestamp: now,
			type: input.type ?? 'single-choice',
			title: input.title,
			body: input.body ?? '',
			discussion: '',
			choices: input.choices,
			labels: [],
			start: now + (input.start ?? -3600),
			end: now + (input.end ?? 86_400),
			snapshot: 21_000_000,
			plugins: '{}',
			privacy: input.privacy ?? '',
			app: 'snapshot-v2',
		};
		const { id, ipfs } = await this.#publish('Proposal', PROPOSAL, message);
		const { title, body, choices, type, privacy, start, end } = message;
		this.#proposals.set(id, {
			id,
			ipfs,
			author: message.from,
			title,
			body,
			choices,
			type,
			privacy,
			start,
			end,
			created: now,
			updated: null,
			scores: choices.map(() => 0),
			space: { id: this.space },
		});
		return id;
	}

	/** What is shown of a proposal, with where its author's message lies. */
	shown(id: string): Row | undefined {
		return this.#proposals.get(id);
	}

	/** Edits a proposal, as its author: signed by `by`, in the name of `from`. */
	async edit(
		id: string,
		change: { readonly title?: string; readonly choices?: readonly string[] },
		{ by = this.author, from = this.author.address }: { readonly by?: PrivateKeyAccount; readonly from?: string } = {},
	): Promise<void> {
		const old = this.#proposals.get(id);
		if (!old) throw new Error('no such proposal');
		const { title, body, choices, type, privacy } = { ...old, ...change } as unknown as Record<string, string>;
		const message = {
			proposal: id,
			from,
			space: this.space,
			timestamp: this.#now(),
			type,
			title,
			body,
			discussion: '',
			choices,
			labels: [],
			plugins: '{}',
			privacy,
		};
		await this.#publish('UpdateProposal', UPDATE, message, by);
		this.#proposals.set(id, { ...old, ...change, updated: this.#now() });
	}

	/** Takes a file off the gateway. */
	forget(id: string): void {
		this.#files.delete(String(this.#proposals.get(id)?.ipfs));
	}

	async #publish(
		primaryType: string,
		types: Record<string, Fields>,
		message: Record<string, unknown>,
		by = this.author,
	): Promise<{ id: string; ipfs: string }> {
		const input = { domain: DOMAIN, types, primaryType, message } as unknown as TypedDataInput;
		const id = hashTypedData(input);
		const sig = await by.signTypedData(input);
		const ipfs = this.#pin({ address: by.address, sig, hash: id, data: { domain: DOMAIN, types, message } });
		this.#messages.push({ id, ipfs, type: primaryType === 'Proposal' ? 'proposal' : 'update-proposal', timestamp: this.#now() });
		return { id, ipfs };
	}

	#pin(value: object): string {
		const text = JSON.stringify(value);
		const cid = `bafkrei${createHash('sha256').update(text).digest('hex').slice(0, 52)}`;
		this.#files.set(cid, text);
		return cid;
	}

	#now(): number {
		return Math.floor(this.#clock.now() / 1000);
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const send = (status: number, body: unknown) => {
			response.writeHead(status, { 'content-type': 'application/json' });
			response.end(typeof body === 'string' ? body : JSON.stringify(body));
		};
		try {
			const text = await new Promise<string>((resolve) => {
				let all = '';
				request.setEncoding('utf8');
				request.on('data', (chunk: string) => {
					all += chunk;
				});
				request.on('end', () => resolve(all));
			});
			const path = request.url ?? '';
			if (path.startsWith('/ipfs/')) {
				const file = this.#files.get(path.slice(6));
				return file === undefined ? send(404, {}) : send(200, file);
			}
			if (path === '/graphql') return send(200, { data: { it: this.#query(JSON.parse(text) as { query: string; variables: Record<string, unknown> }) } });
			if (path === '/seq') return send(...(await this.#take(JSON.parse(text) as VoteEnvelope)));
			send(404, {});
		} catch (error) {
			send(500, { error: String(error) });
		}
	}

	#query({ query, variables }: { readonly query: string; readonly variables: Record<string, unknown> }): unknown {
		const where = (variables.where ?? {}) as Record<string, unknown>;
		const now = this.#now();
		switch (askedFor(query)) {
			case 'space':
				return variables.id === this.space
					? {
							id: this.space,
							name: 'Example DAO',
							network: this.network,
							symbol: 'EX',
							strategies: [{ name: 'erc20-balance-of', network: '1' }],
							voting: { delay: 0, period: 86_400, quorum: 100, privacy: '' },
						}
					: null;
			case 'proposals': {
				const state = ({ start, end }: Record<string, unknown>) => (now < Number(start) ? 'pending' : now < Number(end) ? 'active' : 'closed');
				return [...this.#proposals.values()]
					.filter((each) => where.space === this.space && (where.state === undefined || state(each) === where.state))
					.map(this.lie);
			}
			case 'proposal': {
				const found = this.#proposals.get(String(variables.id));
				return found ? this.lie(found) : null;
			}
			case 'messages':
				return where.space === this.space ? this.#messages.filter(({ type }) => type === where.type).reverse() : [];
			case 'vote':
				return this.votes.find(({ id }) => id === variables.id) ?? null;
			case 'votes':
				return this.votes.filter(({ voter, proposal }) => voter === where.voter && (proposal as Row).id === where.proposal).reverse();
			case 'vp':
				return { vp: this.power };
			case 'aliases':
				return this.#aliases.filter(({ address }) => address === where.address);
			default:
				throw new Error('unknown query');
		}
	}

	async #take(envelope: VoteEnvelope): Promise<[number, unknown]> {
		const refuse = (reason: string): [number, unknown] => [400, { error: 'client_error', error_description: reason }];
		const { domain, types, message } = envelope.data;
		const primaryType = Object.keys(types)[0] ?? '';
		const input = { domain, types, primaryType, message } as unknown as TypedDataInput;
		const timestamp = Number(message.timestamp);
		if (timestamp > this.#now() + 300 || timestamp < this.#now() - 6 * 86_400) return refuse('wrong timestamp');
		const recovered = await recoverTypedDataAddress({ ...input, signature: envelope.sig } as Parameters<typeof recoverTypedDataAddress>[0]).catch(() => null);
		if (recovered !== envelope.address && !(await this.contract?.(envelope.address as Hex, hashTypedData(input), envelope.sig)))
			return refuse('wrong signature');
		const proposal = this.#proposals.get(String(message.proposal));
		const wrong = this.closed ?? (await this.#check(envelope, proposal));
		if (wrong) return refuse(wrong);
		const id = hashTypedData(input);
		if (primaryType === 'Alias' && this.#aliases.some(({ alias }) => alias === message.alias)) return refuse('alias exists');
		if (primaryType === 'Alias') this.#aliases.push({ id, address: message.from, alias: message.alias, created: timestamp });
		else if (primaryType === 'RevokeAlias')
			this.#aliases.splice(
				this.#aliases.findIndex(({ alias }) => alias === message.alias),
				1,
			);
		else {
			const known =
				message.from === envelope.address ||
				this.#aliases.some(
					({ address, alias, created }) => address === message.from && alias === envelope.address && Number(created) > this.#now() - 90 * 86_400,
				);
			if (!known) return refuse('wrong from');
			if (!proposal || message.space !== this.space) return refuse('unknown proposal');
			const text = typeof message.choice === 'string' && message.choice.startsWith('{');
			const earlier = this.votes.findIndex(({ voter, proposal: of }) => voter === message.from && (of as Row).id === proposal.id);
			if (earlier >= 0) this.votes.splice(earlier, 1);
			this.votes.push({
				id,
				ipfs: this.#pin({ ...envelope, hash: id }),
				voter: message.from,
				created: timestamp,
				choice: text ? JSON.parse(String(message.choice)) : message.choice,
				vp: this.power,
				proposal: { id: proposal.id },
			});
		}
		this.received.push(envelope);
		return [
			200,
			{
				id,
				ipfs: this.#pin({ ...envelope, hash: id }),
				relayer: { address: this.relayer.address, receipt: await this.relayer.signMessage({ message: envelope.sig }) },
			},
		];
	}
}
