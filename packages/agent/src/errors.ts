import { HoldfastError, type JsonObject } from '@holdfast/kernel';

export type DidErrorCode =
	| 'did/alias-taken'
	| 'did/insufficient-funds'
	| 'did/invalid'
	| 'did/key-exists'
	| 'did/key-not-found'
	| 'did/network'
	| 'did/no-such-key'
	| 'did/no-usable-key'
	| 'did/not-found'
	| 'did/not-managed'
	| 'did/purpose-bound'
	| 'did/transaction-failed'
	| 'did/transaction-pending'
	| 'did/unknown-network'
	| 'did/unsupported'
	| 'did/unsupported-key'
	| 'did/unsupported-method';

const MESSAGES: Readonly<Record<DidErrorCode, string>> = {
	'did/alias-taken': 'Another DID of this wallet has this name. Choose another name.',
	'did/insufficient-funds': 'The account that controls this DID cannot pay the network’s fee. Send it some of the network’s currency first.',
	'did/invalid': 'This DID, or the document that it leads to, is not valid.',
	'did/key-exists': 'This key is already in the wallet.',
	'did/key-not-found': 'The key that made this signature is not in the DID’s document for this use.',
	'did/network': 'The DID’s document cannot be fetched now. Check the connection and try again.',
	'did/no-such-key': 'This key is not in the wallet.',
	'did/no-usable-key': 'The DID’s document lists no key of this wallet for this use. Publish the document, or choose another DID.',
	'did/not-found': 'There is no document for this DID.',
	'did/not-managed': 'This DID does not belong to this wallet.',
	'did/purpose-bound': 'This key was made for one purpose, such as voting in one DAO, and signs nothing else.',
	'did/transaction-failed': 'The network refused the change to this DID. Nothing was changed.',
	'did/transaction-pending': 'The change was sent, but the network has not taken it up yet. Look again in a few minutes before you repeat it.',
	'did/unknown-network': 'This DID lives on a network that is not configured. Add the network in the settings.',
	'did/unsupported': 'This is not possible for this kind of DID or key.',
	'did/unsupported-key': 'The key is in a form that Holdfast cannot check signatures with.',
	'did/unsupported-method': 'Holdfast does not know this kind of DID.',
};

/** What went wrong with a DID or its keys. `data.reason` names the check, in fixed words. */
export class DidError extends HoldfastError {
	declare readonly code: DidErrorCode;

	constructor(code: DidErrorCode, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, MESSAGES[code], options);
		this.name = 'DidError';
	}
}

/** A DID or document that does not pass a check. */
export const invalidDid = (reason: string, cause?: unknown): DidError => new DidError('did/invalid', { data: { reason }, cause });
