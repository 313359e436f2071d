import { HoldfastError, type JsonObject } from '@holdfast/kernel';

/** What was found out although the answer is no: a verdict, told beside the refusal. */
export interface Finding {
	readonly value: unknown;
	readonly words: string;
}

/** What the command line itself refuses. Messages never repeat what was typed: it may have been a secret in the wrong place. */
export class CliError extends HoldfastError {
	readonly finding: Finding | undefined;

	constructor(code: string, message: string, options: { data?: JsonObject; cause?: unknown; finding?: Finding } = {}) {
		super(code, message, options);
		this.name = 'CliError';
		this.finding = options.finding;
	}
}

export const usage = (message: string, cause?: unknown): CliError => new CliError('cli/usage', message, { cause });
