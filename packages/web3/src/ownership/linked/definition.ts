import { type Hex, isAddress } from 'viem';
import { LinkedError } from './errors.ts';
import { groupIdOf, type OwnerSet } from './owner-set.ts';

/** All that people have to agree on to arrive at the same group: whose owners, at which block, and until when. */
export interface GroupDefinition extends OwnerSet {
	/** Of `blockNumber`: what evidence of ownership is measured by. */
	readonly blockHash: Hex;
	/** Seconds since the epoch. The group ends then, and a statement counts if it is good until then. */
	readonly expiresAt: bigint;
}

const MEMBERS = ['v', 'group', 'chainId', 'collection', 'blockNumber', 'blockHash', 'expiresAt'];
const KIND = 'holdfast-owners';
/** Characters; a real one has about 250. */
const LARGEST = 1024;
const LAST_SECOND = 253_402_300_799n;

/** The `at` of `rebuildGroup`: the last second of the group, so that each statement holds as long as the group does. */
export const countsAt = ({ expiresAt }: GroupDefinition): number => Number(expiresAt) - 1;

/** One line of JSON, to hand around. */
export const definitionText = ({ chainId, collection, blockNumber, blockHash, expiresAt }: GroupDefinition): string =>
	JSON.stringify({
		v: 1,
		group: KIND,
		chainId,
		collection: collection.toLowerCase(),
		blockNumber: String(blockNumber),
		blockHash: blockHash.toLowerCase(),
		expiresAt: Number(expiresAt),
	});

/** Reads {@link definitionText}, strictly. Asks nobody whether there is such a block. Throws `linked/malformed`. */
export function readDefinition(text: unknown): GroupDefinition {
	if (typeof text !== 'string' || text.length > LARGEST) throw malformed();
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		throw malformed();
	}
	if (typeof json !== 'object' || json === null || Array.isArray(json)) throw malformed();
	if (Object.keys(json).sort().join() !== [...MEMBERS].sort().join()) throw malformed();
	const { v, group, chainId, collection, blockNumber, blockHash, expiresAt } = json as Readonly<Record<string, unknown>>;
	if (v !== 1 || group !== KIND) throw malformed();
	if (typeof chainId !== 'number' || typeof collection !== 'string' || !isAddress(collection, { strict: false })) throw malformed();
	if (typeof blockNumber !== 'string' || !/^(0|[1-9]\d{0,18})$/.test(blockNumber)) throw malformed();
	if (typeof blockHash !== 'string' || !/^0x[0-9a-f]{64}$/.test(blockHash)) throw malformed();
	if (typeof expiresAt !== 'number' || !Number.isSafeInteger(expiresAt) || expiresAt < 1 || BigInt(expiresAt) > LAST_SECOND) throw malformed();
	const definition = {
		chainId,
		collection: collection.toLowerCase() as Hex,
		blockNumber: BigInt(blockNumber),
		blockHash: blockHash as Hex,
		expiresAt: BigInt(expiresAt),
	};
	try {
		groupIdOf(definition);
	} catch {
		throw malformed();
	}
	return definition;
}

const malformed = (): LinkedError => new LinkedError('linked/malformed', 'This is not the description of a group of owners.');
