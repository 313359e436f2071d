import { expect, it } from 'vitest';
import { faceOf, partyCard, qrMatrix } from './faces.ts';

it('reads a QR code row by row', () => {
	expect(qrMatrix({ size: 2, modules: '1001' })).toEqual([
		[true, false],
		[false, true],
	]);
});

it('never calls a party trusted that is on no list', () => {
	const party = { name: 'Bank', id: 'https://bank.example', identifiedBy: 'Only its address is known', standing: 'unknown' } as const;
	expect(partyCard(party, 'Asks').trust).toBe('unknown');
	expect(partyCard({ ...party, standing: 'known' }, 'Asks').trust).toBe('trusted');
});

it('stamps an expired document and leaves a valid one unstamped', () => {
	const summary = {
		id: '0'.repeat(26),
		format: 'dc+sd-jwt',
		type: 'urn:x',
		appearance: { name: 'Card' },
		issuer: { name: 'Town', id: 'did:web:town.example', identifiedBy: '', standing: 'known' },
		subtitle: 'Ada',
		validFrom: null,
		validUntil: null,
		receivedAt: 0,
		lastUsedAt: null,
		uses: 0,
		copies: 1,
		withdrawal: null,
	} as const;
	expect(faceOf({ ...summary, state: 'expired' }).status).toBe('expired');
	expect(faceOf({ ...summary, state: 'valid' }).status).toBeUndefined();
	const looked = (state: 'in-force' | 'withdrawn') => faceOf({ ...summary, state: 'valid', withdrawal: { state, asOf: 0, checkedAt: 0 } }).status;
	expect([looked('in-force'), looked('withdrawn')]).toEqual([undefined, 'revoked']);
});
