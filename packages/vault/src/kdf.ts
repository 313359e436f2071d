import type { Argon2Params } from '@holdfast/crypto';
import { VaultError } from './errors.ts';

/** For new vaults, and what older ones are raised to: 64 MiB, three passes, one lane. */
export const DEFAULT_KDF: Argon2Params = { m: 65_536, t: 3, p: 1 };

/** The least that a header may ask for: OWASP's smallest argon2id setting, so that nobody weakens a vault by editing its header. */
export const MINIMUM_KDF: Argon2Params = { m: 19_456, t: 2, p: 1 };

/** The most that a header may ask for: 1 GiB, so that a damaged header cannot exhaust the machine. */
export const MAXIMUM_KDF: Argon2Params = { m: 1_048_576, t: 16, p: 8 };

/** Throws `vault/weak-kdf` where `params` are outside what is accepted; `floor` lowers the minimum for tests. */
export function checkKdf(params: Argon2Params, floor: Argon2Params = MINIMUM_KDF): void {
	for (const name of ['m', 't', 'p'] as const) {
		if (params[name] < Math.min(floor[name], MINIMUM_KDF[name]) || params[name] > MAXIMUM_KDF[name]) {
			throw new VaultError('vault/weak-kdf', 'The vault asks for unusual protection of its passphrase. Restore its files from a backup.', {
				data: { m: params.m, t: params.t, p: params.p },
			});
		}
	}
}

/** Whether `target` costs more than `current`, so that the vault key is to be wrapped again. */
export const isWeaker = (current: Argon2Params, target: Argon2Params): boolean => current.m * current.t < target.m * target.t;
