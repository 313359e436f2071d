import type { Appearance, CredentialSummary, Party, Qr } from '@holdfast/contract';
import type { CredentialFace, PartyCardProps } from '@holdfast/ui';
import { validityWords } from './words.ts';

/** A document type's face, before there is a document. */
export function faceOfType(appearance: Appearance, issuerName: string, seed: string): CredentialFace {
	return {
		title: appearance.name,
		issuerName,
		seed,
		backgroundColor: appearance.background,
		textColor: appearance.text,
		logo: appearance.logo,
		logoAlt: appearance.logoAlt,
	};
}

const STATUS = { valid: undefined, expired: 'expired', 'not-yet-valid': 'caution' } as const;

const WITHDRAWN = { 'in-force': undefined, withdrawn: 'revoked', suspended: 'suspended', unclear: 'caution' } as const;

/** A document's face. A document that is simply valid carries no stamp: the wallet has not verified it just now. */
export function faceOf(summary: CredentialSummary): CredentialFace {
	const withdrawn = summary.withdrawal === null ? undefined : WITHDRAWN[summary.withdrawal.state];
	return {
		...faceOfType(summary.appearance, summary.issuer.name, summary.type),
		subtitle: summary.subtitle,
		validity: validityWords(summary),
		status: withdrawn === undefined ? STATUS[summary.state] : withdrawn,
		statusLabel: withdrawn === undefined && summary.state === 'not-yet-valid' ? 'Not valid yet' : undefined,
	};
}

const STANDING = {
	own: { trust: 'known', trustLabel: 'This wallet' },
	known: { trust: 'trusted', trustLabel: 'On your list' },
	unknown: { trust: 'unknown', trustLabel: 'Not on your list' },
} as const;

/** Somebody on the other side, as the party card takes it. */
export function partyCard(party: Party, role: string): PartyCardProps {
	return { name: party.name, host: party.host, identifiedBy: party.identifiedBy, logo: party.logo, role, ...STANDING[party.standing] };
}

/** Rows of dark (`true`) and light modules. */
export function qrMatrix({ size, modules }: Qr): boolean[][] {
	return Array.from({ length: size }, (_, row) => Array.from({ length: size }, (__, column) => modules[row * size + column] === '1'));
}
