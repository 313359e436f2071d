import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

const MIN_SCORE = 3;
// zxcvbn's work grows with the length; past this it says nothing new.
const LOOKED_AT = 100;

const ADVICE = [
	'This would be guessed at once. Use four or more unrelated words.',
	'This would be guessed in minutes. Use four or more unrelated words.',
	'This would be guessed in days. Add another unrelated word.',
	'Good. Another word would make it stronger.',
	'Strong.',
] as const;

let factory: ZxcvbnFactory | undefined;

export interface PassphraseStrength {
	/** zxcvbn's estimate: 0 (guessed at once) to 4 (very strong). */
	readonly score: number;
	readonly acceptable: boolean;
	/** What to do, in a sentence. */
	readonly advice: string;
}

/** How hard a passphrase is to guess for somebody who has the vault's file. */
export function assessPassphrase(passphrase: string): PassphraseStrength {
	if (passphrase === '') return { score: 0, acceptable: false, advice: 'Choose a passphrase that only you know.' };
	factory ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
	const { score } = factory.check(passphrase.slice(0, LOOKED_AT));
	return { score, acceptable: score >= MIN_SCORE, advice: ADVICE[score] };
}
