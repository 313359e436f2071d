import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Address, type Hex, hashTypedData, isAddressEqual, recoverAddress } from 'viem';

/** A transaction as the service gives it out. */
export interface ServedTransaction {
	safe: string;
	to: string;
	value: string;
	data: string | null;
	operation: number;
	safeTxGas: string;
	baseGas: string;
	gasPrice: string;
	gasToken: string;
	refundReceiver: string;
	nonce: string;
	safeTxHash: string;
	isExecuted: boolean;
	confirmations: { owner: string; signature: string | null; signatureType: string }[];
}

/** A message as the service gives it out. */
export interface ServedMessage {
	safe: string;
	messageHash: string;
	message: unknown;
	confirmations: { owner: string; signature: string }[];
}

const SAFE_TX = [
	'address to',
	'uint256 value',
	'bytes data',
	'uint8 operation',
	'uint256 safeTxGas',
	'uint256 baseGas',
	'uint256 gasPrice',
	'address gasToken',
	'address refundReceiver',
	'uint256 nonce',
].map((member) => {
	const [type = '', name = ''] = member.split(' ');
	return { type, name };
});

const LIST = /^\/api\/v2\/safes\/(0x[0-9a-fA-F]{40})\/multisig-transactions\/$/;
const ONE = /^\/api\/v2\/multisig-transactions\/(0x[0-9a-f]{64})\/$/;
const CONFIRM = /^\/api\/v1\/multisig-transactions\/(0x[0-9a-f]{64})\/confirmations\/$/;

const MESSAGES = /^\/api\/v1\/safes\/(0x[0-9a-fA-F]{40})\/messages\/$/;
const MESSAGE = /^\/api\/v1\/messages\/(0x[0-9a-f]{64})\/$/;
const SIGNATURES = /^\/api\/v1\/messages\/(0x[0-9a-f]{64})\/signatures\/$/;

/** The part of the Safe Transaction Service's API that wallets use, over HTTP on loopback, with its checks: owner, hash, signature, key. */
export class TestSafeService {
	readonly transactions = new Map<string, ServedTransaction>();
	readonly messages = new Map<string, ServedMessage>();
	/** How the next messages are changed on their way out. */
	changeMessage: (served: ServedMessage) => unknown = (served) => served;
	/** How the next lists are changed on their way out: a service that lies. */
	change: (served: ServedTransaction) => unknown = (served) => served;
	/** Every request is answered with this status. */
	fails: number | undefined;
	/** The key that is wanted in `Authorization`. */
	key: string | undefined;
	readonly #chainId: number;
	readonly #owners: (safe: Address) => Promise<readonly Address[]>;
	readonly #server = createServer((request, response) => void this.#answer(request, response));

	constructor(options: { readonly chainId: number; readonly owners: (safe: Address) => Promise<readonly Address[]> }) {
		this.#chainId = options.chainId;
		this.#owners = options.owners;
	}

	async start(): Promise<string> {
		await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	stop(): Promise<void> {
		this.#server.closeAllConnections();
		return new Promise((resolve) => this.#server.close(() => resolve()));
	}

	hashOf(safe: string, transaction: Record<string, unknown>): Hex {
		return hashTypedData({
			domain: { chainId: this.#chainId, verifyingContract: safe as Address },
			types: { SafeTx: SAFE_TX },
			primaryType: 'SafeTx',
			message: { ...transaction, data: transaction.data ?? '0x' },
		} as unknown as Parameters<typeof hashTypedData>[0]);
	}

	/** Whose signature of a hash it is, if an owner's. */
	async #ownerOf(safe: string, hash: string, signature: string): Promise<Address | undefined> {
		const owner = await recoverAddress({ hash: hash as Hex, signature: signature as Hex }).catch(() => undefined);
		const owners = await this.#owners(safe as Address);
		return owner && owners.some((each) => isAddressEqual(each, owner)) ? owner : undefined;
	}

	async #sign(served: ServedMessage, signature: string): Promise<boolean> {
		const owner = await this.#ownerOf(served.safe, served.messageHash, signature);
		if (!owner || served.confirmations.some((each) => each.owner === owner)) return false;
		served.confirmations.push({ owner, signature });
		return true;
	}

	#messageHashOf(safe: string, message: unknown): Hex {
		const { types, ...rest } = message as { types: Record<string, unknown> };
		const { EIP712Domain, ...own } = types;
		if (!EIP712Domain) throw new Error('no EIP712Domain');
		const hash = hashTypedData({ ...rest, types: own } as unknown as Parameters<typeof hashTypedData>[0]);
		return hashTypedData({
			domain: { chainId: this.#chainId, verifyingContract: safe as Address },
			types: { SafeMessage: [{ type: 'bytes', name: 'message' }] },
			primaryType: 'SafeMessage',
			message: { message: hash },
		});
	}

	async #confirm(served: ServedTransaction, signature: string): Promise<boolean> {
		const owner = await this.#ownerOf(served.safe, served.safeTxHash, signature);
		if (!owner) return false;
		if (!served.confirmations.some((each) => each.owner === owner)) served.confirmations.push({ owner, signature, signatureType: 'EOA' });
		return true;
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const send = (status: number, body: unknown = {}) => {
			response.writeHead(status, { 'content-type': 'application/json' });
			response.end(JSON.stringify(body));
		};
		try {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk as Buffer);
			const body = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString());
			if (this.fails !== undefined) return send(this.fails);
			if (this.key !== undefined && request.headers.authorization !== `Bearer ${this.key}`) return send(401);
			const { pathname, searchParams } = new URL(request.url ?? '', 'http://service');
			const [, listed] = LIST.exec(pathname) ?? [];
			const [, one] = ONE.exec(pathname) ?? [];
			const [, confirmed] = CONFIRM.exec(pathname) ?? [];
			if (request.method === 'GET' && listed) {
				const from = BigInt(searchParams.get('nonce__gte') ?? 0);
				const waiting = [...this.transactions.values()].filter(({ safe, nonce, isExecuted }) => safe === listed && BigInt(nonce) >= from && !isExecuted);
				return send(200, { count: waiting.length, next: null, results: waiting.map((each) => this.change(structuredClone(each))) });
			}
			const [, of] = MESSAGES.exec(pathname) ?? [];
			const [, message] = MESSAGE.exec(pathname) ?? [];
			const [, signed] = SIGNATURES.exec(pathname) ?? [];
			if (request.method === 'GET' && of) {
				const results = [...this.messages.values()].filter(({ safe }) => safe === of).map((each) => this.changeMessage(structuredClone(each)));
				return send(200, { count: results.length, next: null, results });
			}
			if (request.method === 'GET' && message) return this.messages.has(message) ? send(200, this.messages.get(message)) : send(404);
			if (request.method === 'POST' && signed) {
				const served = this.messages.get(signed);
				return send(served && (await this.#sign(served, String(body.signature))) ? 201 : 400);
			}
			if (request.method === 'POST' && of) {
				const messageHash = this.#messageHashOf(of, body.message);
				const served = { safe: of, messageHash, message: body.message, confirmations: [] };
				if (this.messages.has(messageHash) || !(await this.#sign(served, String(body.signature)))) return send(400);
				this.messages.set(messageHash, served);
				return send(201);
			}
			if (request.method === 'GET' && one) return this.transactions.has(one) ? send(200, this.transactions.get(one)) : send(404);
			if (request.method === 'POST' && confirmed) {
				const served = this.transactions.get(confirmed);
				if (!served) return send(404);
				return send((await this.#confirm(served, String(body.signature))) ? 201 : 400);
			}
			if (request.method === 'POST' && listed) {
				const { contractTransactionHash, sender: _sender, signature, origin: _origin, ...transaction } = body;
				const safeTxHash = this.hashOf(listed, transaction);
				if (safeTxHash !== contractTransactionHash) return send(422);
				const served = { ...transaction, safe: listed, safeTxHash, isExecuted: false, confirmations: [] } as ServedTransaction;
				if (!(await this.#confirm(served, signature))) return send(422);
				this.transactions.set(safeTxHash, served);
				return send(201);
			}
			send(404);
		} catch {
			send(400);
		}
	}
}
