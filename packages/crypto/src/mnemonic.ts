import type { Random } from '@holdfast/kernel';
import { entropyToMnemonic, mnemonicToSeedSync, validateMnemonic as nobleValidate } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { CryptoError } from './errors.ts';
import { SecretBytes } from './secretBytes.ts';

const WORDS: ReadonlySet<string> = new Set(wordlist);
const LENGTHS = [12, 15, 18, 21, 24];

/** A new BIP-39 recovery phrase in English: 12 words for 128 bits of entropy, 24 words for 256. */
export function generateMnemonic(random: Random, bits: 128 | 256 = 256): string[] {
	const entropy = random.bytes(bits / 8);
	try {
		return entropyToMnemonic(entropy, wordlist).split(' ');
	} finally {
		entropy.fill(0);
	}
}

/**
 * Checks a recovery phrase (BIP-39) as a person typed it and returns its words in lower case, NFKD.
 *
 * Throws `crypto/mnemonic-length` `{ words }`, `crypto/mnemonic-word` `{ position }` (from 1, the first
 * word that is not in the list; the word itself stays out of the error) or `crypto/mnemonic-checksum`.
 */
export function validateMnemonic(phrase: string | readonly string[]): string[] {
	const words = (typeof phrase === 'string' ? phrase : phrase.join(' ')).normalize('NFKD').toLowerCase().split(/\s+/).filter(Boolean);
	const unknown = words.findIndex((word) => !WORDS.has(word));
	if (unknown >= 0) {
		throw new CryptoError('crypto/mnemonic-word', `Word ${unknown + 1} is not in the list of recovery words. Check its spelling.`, {
			data: { position: unknown + 1 },
		});
	}
	if (!LENGTHS.includes(words.length)) {
		throw new CryptoError('crypto/mnemonic-length', `A recovery phrase has 12, 15, 18, 21 or 24 words; this one has ${words.length}.`, {
			data: { words: words.length },
		});
	}
	if (!nobleValidate(words.join(' '), wordlist)) {
		throw new CryptoError('crypto/mnemonic-checksum', 'These words do not fit together. One of them is wrong, or two are swapped.');
	}
	return words;
}

/** Whether `word` is in the English list; for help while typing. */
export const isMnemonicWord = (word: string): boolean => WORDS.has(word);

/** The 64-byte seed of a valid phrase (BIP-39: PBKDF2-HMAC-SHA-512, 2,048 rounds). Throws as {@link validateMnemonic}. */
export function mnemonicToSeed(phrase: string | readonly string[], passphrase = ''): SecretBytes {
	return SecretBytes.take(mnemonicToSeedSync(validateMnemonic(phrase).join(' '), passphrase));
}
