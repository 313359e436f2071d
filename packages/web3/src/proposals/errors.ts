import { HoldfastError, type JsonObject } from '@holdfast/kernel';

export type ProposalErrorCode = 'web3/proposal-too-large' | 'web3/cannot-simulate' | 'web3/bad-simulation' | 'web3/bad-descriptor';

/** What goes wrong while a proposal, or a description of a contract, is read. The data never holds what the proposal says. */
export class ProposalError extends HoldfastError {
	constructor(code: ProposalErrorCode, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'ProposalError';
	}
}
