import { HoldfastError, type JsonObject } from '@holdfast/kernel';

export type SigningErrorCode =
	| 'signing/expired'
	| 'signing/hidden-content'
	| 'signing/no-words'
	| 'signing/not-an-option'
	| 'signing/not-for-this-account'
	| 'signing/not-reviewed'
	| 'signing/other-application'
	| 'signing/other-proposal'
	| 'signing/other-value'
	| 'signing/wrong-key';

const MESSAGES: Readonly<Record<SigningErrorCode, string>> = {
	'signing/expired': 'The time until which this would be valid is over. Ask for a new one.',
	'signing/hidden-content': 'This message carries something that cannot be shown to you, so it is not signed.',
	'signing/no-words': 'Holdfast cannot say in words what this means, so it does not sign it.',
	'signing/not-an-option': 'The choice in this message is none that the proposal offers.',
	'signing/not-for-this-account': 'This account was made for voting and signs nothing of this kind.',
	'signing/not-reviewed': 'Only what you have looked at and approved is signed. Start the review again.',
	'signing/other-application': 'This message is meant for another contract, chain or application than the DAO that this account was made for.',
	'signing/other-proposal': 'This message is about another proposal than the one that you are looking at.',
	'signing/other-value': 'This message names another voter or another DAO than this account votes for.',
	'signing/wrong-key': 'The key of this account does not belong to its address. Nothing was signed.',
};

/** Why the firewall refused. `data.field` names the field by the name in our own list of structs. */
export class SigningRefused extends HoldfastError {
	declare readonly code: SigningErrorCode;

	constructor(code: SigningErrorCode, data: JsonObject = {}) {
		super(code, MESSAGES[code], { data });
		this.name = 'SigningRefused';
	}
}
