import { HoldfastError, type JsonObject } from '@holdfast/kernel';

export type Groth16ErrorCode =
	| 'groth16/bad-key'
	| 'groth16/key-in-use'
	| 'groth16/no-memory'
	| 'groth16/bad-calculator'
	| 'groth16/bad-input'
	| 'groth16/bad-witness'
	| 'groth16/cancelled'
	| 'groth16/closed'
	| 'groth16/failed';

/** What proving can fail with. Never holds a key, an input or a witness. */
export class Groth16Error extends HoldfastError {
	declare readonly code: Groth16ErrorCode;

	constructor(code: Groth16ErrorCode, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'Groth16Error';
	}
}
