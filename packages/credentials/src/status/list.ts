import { CredentialError } from '../errors.ts';

/** Bits for one status (Token Status List §4.1). */
export type StatusBits = 1 | 2 | 4 | 8;

export const isStatusBits = (value: unknown): value is StatusBits => value === 1 || value === 2 || value === 4 || value === 8;

/** Status types of Token Status List §7.1. The other values are reserved, or for applications to agree on. */
export const STATUS = { valid: 0, invalid: 1, suspended: 2 } as const;

/** Bounds on lists, so that a hostile one costs little to refuse. */
export const STATUS_LIMITS = {
	/** Characters of a status list token: room for a million statuses of eight bits that do not compress. */
	token: 4_194_304,
	/** Bytes of a list once it is inflated: 16 million statuses of eight bits, 128 million of one. */
	bytes: 16_777_216,
	/** Characters of a list's address. */
	uri: 2_048,
	/** Longest time to live that is believed, in seconds: what a list says beyond it is cut to a week. */
	ttl: 604_800,
} as const;

/** Statuses as the specification packs them: the first index in the lowest bits of the first byte (§4.1). */
export class StatusList {
	readonly bits: StatusBits;
	readonly bytes: Uint8Array;

	/** @throws CredentialError `status/malformed` for a list without entries, or one above {@link STATUS_LIMITS} */
	constructor(bits: StatusBits, bytes: Uint8Array) {
		if (bytes.length === 0 || bytes.length > STATUS_LIMITS.bytes)
			throw new CredentialError('status/malformed', 'The status list has no size that Holdfast reads.');
		this.bits = bits;
		this.bytes = bytes;
	}

	/** A list of at least `size` statuses, all of them valid. */
	static ofSize(bits: StatusBits, size: number): StatusList {
		return new StatusList(bits, new Uint8Array(Math.ceil((size * bits) / 8)));
	}

	/** How many statuses there are. */
	get size(): number {
		return (this.bytes.length * 8) / this.bits;
	}

	/** The status at `index`; undefined outside the list. */
	get(index: number): number | undefined {
		const at = this.#place(index);
		return at && ((this.bytes[at.byte] ?? 0) >> at.shift) & at.mask;
	}

	/** @throws CredentialError `status/bad-index` outside the list, or for a status that needs more bits */
	set(index: number, status: number): void {
		const at = this.#place(index);
		if (!at || !Number.isInteger(status) || status < 0 || status > at.mask) throw new CredentialError('status/bad-index', 'The status list has no such entry.');
		this.bytes[at.byte] = ((this.bytes[at.byte] ?? 0) & ~(at.mask << at.shift)) | (status << at.shift);
	}

	#place(index: number): { byte: number; shift: number; mask: number } | undefined {
		if (!Number.isInteger(index) || index < 0 || index >= this.size) return undefined;
		const perByte = 8 / this.bits;
		return { byte: Math.floor(index / perByte), shift: (index % perByte) * this.bits, mask: (1 << this.bits) - 1 };
	}
}
