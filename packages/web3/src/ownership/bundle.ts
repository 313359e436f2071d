import { type Hex, isAddress, isHex, size } from 'viem';
import { OwnershipError } from './errors.ts';
import type { OwnershipEvidence } from './evidence.ts';
import { LIMITS } from './limits.ts';
import type { AccountWitness } from './reads.ts';
import { type OwnershipStatement, type TokenStandard, tokenStandards } from './statement.ts';

/** What a holder hands to a verifier. */
export interface OwnershipBundle {
	readonly standard: TokenStandard;
	readonly statement: OwnershipStatement;
	readonly signature: Hex;
	readonly evidence: OwnershipEvidence;
}

const VERSION = 1;

/** Evidence as members of a JSON object; {@link readEvidence} reads them. */
export const evidenceJson = ({ header, account, accounts }: OwnershipEvidence) => ({
	header,
	...(account === undefined ? {} : { account }),
	accounts: accounts.map(({ address, accountProof, storageProof, code }) => ({
		address,
		proof: accountProof,
		...(code === undefined ? {} : { code }),
		...(storageProof.length === 0 ? {} : { slots: storageProof }),
	})),
});

/** The bundle as text: JSON, whole numbers as decimal strings. */
export function writeBundle({ standard, statement, signature, evidence }: OwnershipBundle): string {
	return JSON.stringify({
		v: VERSION,
		standard,
		statement: {
			holder: statement.holder,
			...(statement.owner === undefined ? {} : { owner: statement.owner }),
			chainId: String(statement.chainId),
			collection: statement.collection,
			tokenId: String(statement.tokenId),
			blockNumber: String(statement.blockNumber),
			blockHash: statement.blockHash,
			verifier: statement.verifier,
			nonce: statement.nonce,
			issuedAt: String(statement.issuedAt),
			expiresAt: String(statement.expiresAt),
			purpose: statement.purpose,
		},
		signature,
		...evidenceJson(evidence),
	});
}

const malformed = () => new OwnershipError('ownership/malformed', 'This is not a proof of ownership.');

type Fields = Readonly<Record<string, unknown>>;

/** An object with these members and no others: what is not understood is not passed over. */
function fields(value: unknown, required: readonly string[], optional: readonly string[] = []): Fields {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed();
	const names = Object.keys(value);
	if (required.some((name) => !names.includes(name)) || names.some((name) => !required.includes(name) && !optional.includes(name))) throw malformed();
	return value as Fields;
}

function hex(value: unknown, bytes?: number): Hex {
	if (!isHex(value) || value.length % 2 !== 0 || (bytes !== undefined && size(value) !== bytes)) throw malformed();
	return value.toLowerCase() as Hex;
}

function address(value: unknown): Hex {
	if (typeof value !== 'string' || !isAddress(value)) throw malformed();
	return value;
}

function integer(value: unknown, bits: number): bigint {
	if (typeof value !== 'string' || !/^(0|[1-9][0-9]{0,77})$/.test(value)) throw malformed();
	const number = BigInt(value);
	if (number >> BigInt(bits) !== 0n) throw malformed();
	return number;
}

function text(value: unknown, most: number): string {
	if (typeof value !== 'string' || value.length > most) throw malformed();
	return value;
}

function list(value: unknown, most: number): readonly unknown[] {
	if (!Array.isArray(value) || value.length > most) throw malformed();
	return value;
}

const nodes = (value: unknown): Hex[] => list(value, 64).map((node) => hex(node));

function readStatement(value: unknown): OwnershipStatement {
	const names = ['holder', 'chainId', 'collection', 'tokenId', 'blockNumber', 'blockHash', 'verifier', 'nonce', 'issuedAt', 'expiresAt', 'purpose'];
	const statement = fields(value, names, ['owner']);
	return {
		holder: address(statement.holder),
		...(statement.owner === undefined ? {} : { owner: address(statement.owner) }),
		// EIP-2294's bound: a safe integer.
		chainId: integer(statement.chainId, 52),
		collection: address(statement.collection),
		tokenId: integer(statement.tokenId, 256),
		blockNumber: integer(statement.blockNumber, 64),
		blockHash: hex(statement.blockHash, 32),
		verifier: text(statement.verifier, LIMITS.verifier),
		nonce: hex(statement.nonce, 32),
		issuedAt: integer(statement.issuedAt, 53),
		expiresAt: integer(statement.expiresAt, 53),
		purpose: text(statement.purpose, LIMITS.purpose),
	};
}

function readAccount(value: unknown): AccountWitness {
	const account = fields(value, ['address', 'proof'], ['code', 'slots']);
	const slots = list(account.slots ?? [], LIMITS.slots).map((entry) => {
		const each = fields(entry, ['slot', 'proof']);
		return { slot: hex(each.slot, 32), proof: nodes(each.proof) };
	});
	return {
		address: hex(account.address, 20),
		accountProof: nodes(account.proof),
		storageProof: slots,
		...(account.code === undefined ? {} : { code: hex(account.code) }),
	};
}

/**
 * Reads what a holder sent. Checks its form alone.
 * @throws OwnershipError ownership/too-large, ownership/malformed
 */
export function readBundle(input: string): OwnershipBundle {
	if (input.length > LIMITS.text) throw new OwnershipError('ownership/too-large', 'This is larger than a proof of ownership can be.');
	let parsed: unknown;
	try {
		parsed = JSON.parse(input);
	} catch {
		throw malformed();
	}
	const bundle = fields(parsed, ['v', 'standard', 'statement', 'signature', 'header', 'accounts'], ['account']);
	const standard = tokenStandards.find((each) => each === bundle.standard);
	if (bundle.v !== VERSION || standard === undefined) throw malformed();
	const signature = hex(bundle.signature);
	if (size(signature) > LIMITS.signatureBytes) throw malformed();
	return {
		standard,
		statement: readStatement(bundle.statement),
		signature,
		evidence: evidenceIn(bundle),
	};
}

/**
 * Reads {@link evidenceJson}, strictly. Checks nothing that it says.
 * @throws OwnershipError ownership/malformed
 */
export const readEvidence = (json: unknown): OwnershipEvidence => evidenceIn(fields(json, ['header', 'accounts'], ['account']));

function evidenceIn(members: Fields): OwnershipEvidence {
	const header = hex(members.header);
	if (size(header) > LIMITS.headerBytes) throw malformed();
	const accounts = list(members.accounts, LIMITS.accounts).map(readAccount);
	if (accounts.reduce((sum, { storageProof }) => sum + storageProof.length, 0) > LIMITS.slots) throw malformed();
	return {
		header,
		accounts,
		...(members.account === undefined ? {} : { account: address(members.account) }),
	};
}
