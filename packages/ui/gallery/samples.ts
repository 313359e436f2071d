import { failed, group, passed, type ReportNode, skipped, warning } from '@holdfast/kernel';
import type { CredentialFace } from '../src/index.ts';

const LOGO =
	'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 40 40%22%3E%3Cpath d=%22M20 3l14 6v10c0 9-6 15-14 18C12 34 6 28 6 19V9z%22 fill=%22%231f4068%22/%3E%3Cpath d=%22M13 20l5 5 9-10%22 fill=%22none%22 stroke=%22%23fff%22 stroke-width=%223%22/%3E%3C/svg%3E';

export const CARDS: readonly CredentialFace[] = [
	{
		seed: 'urn:eudi:pid:1',
		title: 'Personal identity document',
		issuerName: 'Ministry of the Interior',
		subtitle: 'Mara Lindqvist',
		validity: 'Valid until 3 May 2031',
		status: 'verified',
		logo: LOGO,
	},
	{
		seed: 'UniversityDegree',
		title: 'Master of Science in Hydrology',
		issuerName: 'University of Tarn',
		subtitle: 'Mara Lindqvist',
		validity: 'Issued 14 June 2024 · does not expire',
		status: 'valid',
	},
	{
		seed: 'DriversLicence',
		title: 'Driving licence',
		issuerName: 'Road Traffic Office',
		subtitle: 'Classes B, BE',
		validity: 'Expired 1 September 2026',
		status: 'expired',
	},
	{
		seed: 'Membership',
		title: 'Harbour Library reader’s card',
		issuerName: 'Harbour Library',
		subtitle: 'No. 004 182',
		validity: 'Valid until 31 December 2026',
		status: 'valid',
		backgroundColor: '#f3d9a4',
		textColor: '#f7e7c4',
	},
	{
		seed: 'Employee',
		title: 'Employee of Nordlys Cooperative with a rather long document title',
		issuerName: 'Nordlys Cooperative',
		validity: 'Withdrawn by its issuer',
		status: 'revoked',
		backgroundColor: '#ffffff',
		textColor: '#222222',
	},
	{
		seed: 'Vaccination',
		title: 'Vaccination record',
		issuerName: 'Public Health Agency',
		validity: 'Valid until 9 January 2028',
		status: 'caution',
		backgroundColor: '#7d8a3c',
	},
];

export const REPORT: ReportNode = group(
	{ check: 'presentation', title: 'Presentation', passed: 'Everything holds.', failed: 'This document is not accepted.' },
	[
		group({ check: 'issuer', title: 'Issuer', passed: 'The issuer is who it says it is.', failed: 'The issuer could not be established.' }, [
			passed({
				check: 'issuer/signature',
				title: 'Signature',
				reason: 'The signature matches the issuer’s key.',
				evidence: { algorithm: 'ES256', key: 'did:web:interior.example#key-1' },
			}),
			passed({ check: 'issuer/trust', title: 'Trust list', reason: 'The issuer is on your list of trusted issuers.' }),
		]),
		group({ check: 'validity', title: 'Validity', passed: 'The document is in force.', failed: 'The document is not in force.' }, [
			failed({
				check: 'validity/expiry',
				title: 'Expiry',
				reason: 'It expired on 1 September 2026.',
				code: 'credential/expired',
				evidence: { exp: '2026-09-01T00:00:00Z' },
			}),
			skipped({ check: 'validity/status', title: 'Revocation', reason: 'Not asked, because the document has expired.', code: 'status/not-asked' }),
		]),
		warning({ check: 'holder', title: 'Holder', reason: 'The holder proved its key, but with an older algorithm.', code: 'holder/weak-algorithm' }),
	],
);

/** A matrix that looks like a QR symbol of version 3; it encodes nothing. */
export const MATRIX: readonly (readonly boolean[])[] = Array.from({ length: 29 }, (_, y) =>
	Array.from({ length: 29 }, (_, x) => {
		for (const [cx, cy] of [
			[3, 3],
			[25, 3],
			[3, 25],
		] as const) {
			const ring = Math.max(Math.abs(x - cx), Math.abs(y - cy));
			if (ring <= 4) return ring !== 2 && ring !== 4;
		}
		return ((x * 7 + y * 13 + x * y * 3) % 11) % 2 === 0;
	}),
);

export const WORDS = ['harbor', 'linen', 'quiet', 'anchor', 'maple', 'seven', 'orbit', 'candle', 'river', 'velvet', 'stone', 'lamp'] as const;
export const DID = 'did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169';
