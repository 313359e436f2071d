const HIDDEN = '[secret]';

/** Holds a value that must never be printed. Printing it in any ordinary way shows `[secret]`. */
export class Secret<T> {
	readonly #value: T;

	constructor(value: T) {
		this.#value = value;
	}

	/** The value itself. Each use is a place for a reviewer to look at. */
	reveal(): T {
		return this.#value;
	}

	toString(): string {
		return HIDDEN;
	}

	toJSON(): string {
		return HIDDEN;
	}

	[Symbol.for('nodejs.util.inspect.custom')](): string {
		return HIDDEN;
	}
}

const PATTERNS: readonly RegExp[] = [
	/\b[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{8,}(?:~[A-Za-z0-9_.-]*)*/g, // JWT, SD-JWT
	/\b(?:0x)?[0-9a-fA-F]{64,}\b/g, // keys, digests
	/\b(?:[a-z]{3,8} ){11,}[a-z]{3,8}\b/g, // recovery phrases
	/\b[A-Za-z0-9_-]{43,}\b/g, // 32 bytes and more in base64url
	/([?&#][^=\s&#]{1,64}=)[^\s&#]+/g, // values in URLs
];

/** Removes from a log line what looks like a credential, a key, a phrase or a URL's parameters. */
export function redact(text: string): string {
	let out = text;
	for (const pattern of PATTERNS) out = out.replace(pattern, (_match, kept) => (typeof kept === 'string' ? `${kept}${HIDDEN}` : HIDDEN));
	return out;
}
