import type { Party } from '@holdfast/contract';
import type { TrustDecision, TrustPolicy } from '@holdfast/credentials';
import { displayText } from '@holdfast/kernel';
import type { Vault } from '@holdfast/vault';

const MAX_LOGO = 200_000;

export interface PartyInput {
	readonly id: string;
	readonly name?: string | null;
	readonly host?: string | null;
	readonly logo?: string | null;
	readonly identifiedBy: string;
}

/** Whom we deal with, and whether this wallet's owner has said that they know them. */
export function party(vault: Vault, input: PartyInput): Party {
	const own = vault.dids.get(input.id);
	const known = vault.trustedIssuers.get(input.id);
	const name = known?.name ?? own?.alias ?? input.name ?? input.host ?? input.id;
	return {
		name: displayText(name, 120) || displayText(input.id, 120),
		id: displayText(input.id, 2048),
		identifiedBy: displayText(input.identifiedBy, 300),
		standing: own !== undefined ? 'own' : known ? 'known' : 'unknown',
		...(input.host ? { host: displayText(input.host, 253) } : {}),
		...(input.logo?.startsWith('data:image/') && input.logo.length <= MAX_LOGO ? { logo: input.logo } : {}),
	};
}

/** Accepts issuers that the user has named, and this wallet's own; refuses all others, in words. */
export function trustIn(vault: Vault, issuer: string): TrustDecision {
	const known = vault.trustedIssuers.get(issuer);
	if (known) return { result: 'passed', reason: `${displayText(known.name, 120)} is on your list of trusted issuers.`, name: known.name };
	if (vault.dids.get(issuer)) return { result: 'passed', reason: 'This wallet issued it.' };
	return { result: 'failed', reason: 'Its issuer is not on your list of trusted issuers.' };
}

export const trustPolicy =
	(vault: Vault): TrustPolicy =>
	({ issuer }) =>
		trustIn(vault, issuer);
