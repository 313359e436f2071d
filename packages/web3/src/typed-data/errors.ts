import { HoldfastError, type JsonObject } from '@holdfast/kernel';

export type TypedDataErrorCode = 'typed-data/bad-domain' | 'typed-data/bad-value' | 'typed-data/malformed' | 'typed-data/unknown-struct';

const MESSAGES: Readonly<Record<TypedDataErrorCode, string>> = {
	'typed-data/bad-domain': 'This message does not say for which application it is meant in the way its kind does.',
	'typed-data/bad-value': 'This message has a field that is missing, unknown, or of the wrong kind.',
	'typed-data/malformed': 'This is not a message to sign (EIP-712).',
	'typed-data/unknown-struct': 'Holdfast does not know this kind of message, so it cannot say what it means.',
};

/** Why typed data was not read. `data.field` names the place by our own names, never by what was sent. */
export class TypedDataError extends HoldfastError {
	declare readonly code: TypedDataErrorCode;

	constructor(code: TypedDataErrorCode, data: JsonObject = {}) {
		super(code, MESSAGES[code], { data });
		this.name = 'TypedDataError';
	}
}
