import type { ReceiveReview } from '@holdfast/contract';

/** What is wrong with a transaction code before it is sent, since an issuer may allow few tries (OpenID4VCI 1.0 §4.1.1). */
export function txCodeProblem(code: string, expected: NonNullable<ReceiveReview['txCode']>): string | undefined {
	if (code === '') return 'Type the code that the issuer gave you.';
	if (expected.numeric && !/^\d+$/.test(code)) return 'This code has digits only.';
	if (expected.length !== null && code.length !== expected.length) return `This code has ${expected.length} ${expected.numeric ? 'digits' : 'characters'}.`;
	return undefined;
}
