import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPair, hexEncode, SecretBytes, utf8, utf8Decode } from '@holdfast/crypto';
import { systemRandom } from '@holdfast/kernel';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BatchItem, DidRow, IssuedFilter, IssuedRow, Vault } from './index.ts';
import * as rows from './testing/rows.ts';
import { closedVault, type TestVault } from './testing/vaults.node.ts';

let folder: TestVault;
let vault: Vault;
beforeAll(async () => {
	folder = await closedVault();
	vault = await folder.open();
});
afterAll(() => {
	vault.close();
	folder.remove();
});

const code = (value: string) => expect.objectContaining({ code: value });
const conflict = code('vault/conflict');

/** Runs `work` and undoes it. */
function undone(work: () => void): void {
	const undo = new Error('undo');
	try {
		vault.transaction(() => {
			work();
			throw undo;
		});
	} catch (error) {
		if (error !== undo) throw error;
	}
}

const roundTrip = <T>(arbitrary: fc.Arbitrary<T>, write: (row: T) => void, read: (row: T) => unknown) =>
	fc.assert(
		fc.property(arbitrary, (row) =>
			undone(() => {
				write(row);
				// A copy with ordinary prototypes, to compare strictly.
				expect(read(row)).toStrictEqual(JSON.parse(JSON.stringify(row)));
			}),
		),
		{ numRuns: 60 },
	);

describe('every row comes back as it was', () => {
	it('keys', () =>
		roundTrip(
			rows.keyRows,
			(row) => vault.keys.insert(row),
			(row) => vault.keys.get(row.kid),
		));
	it('dids', () =>
		roundTrip(
			rows.didRows,
			(row) => vault.dids.put(row),
			(row) => vault.dids.get(row.did),
		));
	it('credentials', () =>
		roundTrip(
			rows.credentialRows,
			(row) => vault.credentials.insertMany([row]),
			(row) => vault.credentials.get(row.id),
		));
	it('exchanges', () =>
		roundTrip(
			rows.exchangeRows,
			(row) => vault.exchanges.insert(row),
			(row) => vault.exchanges.get(row.id),
		));
	it('activity', () =>
		roundTrip(
			rows.activityRows,
			(row) => vault.activity.append(row),
			(row) => vault.activity.get(row.id),
		));
	it('credential types', () =>
		roundTrip(
			rows.credentialTypeRows,
			(row) => vault.credentialTypes.put(row),
			(row) => vault.credentialTypes.get(row.id),
		));
	it('offers', () =>
		roundTrip(
			rows.offerRows,
			(row) => vault.offers.insert(row),
			(row) => vault.offers.get(row.id),
		));
	it('issued', () =>
		roundTrip(
			rows.issuedRows,
			(row) => vault.issued.insertMany([row]),
			(row) => vault.issued.get(row.id),
		));
	it('trusted issuers', () =>
		roundTrip(
			rows.trustedIssuerRows,
			(row) => vault.trustedIssuers.put(row),
			(row) => vault.trustedIssuers.get(row.issuer),
		));
	it('collections', () =>
		roundTrip(
			rows.collectionRows,
			(row) => vault.collections.insert(row),
			(row) => vault.collections.get(row.id),
		));
	it('networks', () =>
		roundTrip(
			rows.networkRows,
			(row) => vault.networks.put(row),
			() => vault.networks.list()[0],
		));
	it('verifications', () =>
		roundTrip(
			rows.verificationRows,
			(row) => vault.verifications.insert(row),
			(row) => vault.verifications.get(row.id),
		));

	it('settings and cache', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), rows.json, (key, value) =>
				undone(() => {
					vault.settings.set(key, value);
					const plain: unknown = JSON.parse(JSON.stringify(value));
					expect(vault.settings.get(key, z.unknown())).toStrictEqual(plain);
					vault.cache.put(key, value, 1000);
					expect(vault.cache.get(key)).toStrictEqual({ key, value: plain, storedAt: folder.clock.time, expiresAt: folder.clock.time + 1000 });
				}),
			),
		);
	});
});

describe('a row that could not be read again is refused', () => {
	it('by its field, without its value', () => {
		const bad = { ...rows.credentialRow(), receivedAt: 1.5, issuer: 'canary' };
		try {
			vault.credentials.insertMany([bad]);
			expect.unreachable();
		} catch (error) {
			expect(error).toMatchObject({ code: 'vault/bad-row', data: { table: 'credentials', field: 'receivedAt' } });
			expect(JSON.stringify(error)).not.toContain('canary');
		}
	});

	it('when a private key comes along with a DID', () => {
		const did = { did: 'did:key:z', provider: 'did:key', alias: null, controllerKid: null, services: [], meta: {}, createdAt: 1 };
		const key = { kid: 'k', kms: 'local', type: 'Ed25519', publicKeyHex: '00', privateKeyHex: '11' };
		expect(() => vault.dids.put({ ...did, keys: [key] } as DidRow)).toThrow(code('vault/bad-row'));
	});

	it('when a change would make it so, and nothing is changed then', () =>
		undone(() => {
			vault.exchanges.insert(rows.exchangeRow({ id: 'x', state: 'one' }));
			expect(() => vault.exchanges.advance('x', 'one', 'two', { payload: 'text' as unknown as { never: string } })).toThrow(code('vault/bad-row'));
			expect(vault.exchanges.get('x')?.state).toBe('one');
		}));
});

describe('keys', () => {
	const key = (kid: string) => ({ kid, type: 'Ed25519' as const, publicKeyHex: '00', path: null, purpose: 'did', alias: null, createdAt: 1 });

	it('keep an imported private key sealed, and delete it with the key', () =>
		undone(() => {
			const { privateKey } = generateKeyPair('Ed25519', systemRandom);
			vault.keys.insert(key('imported'), privateKey);
			expect(vault.keys.privateKey('imported')?.use(hexEncode)).toBe(privateKey.use(hexEncode));
			expect(vault.keys.delete('imported')).toBe(true);
			expect(vault.keys.delete('imported')).toBe(false);
			expect(vault.keys.privateKey('imported')).toBeUndefined();
			vault.keys.insert(key('imported'));
			expect(vault.keys.privateKey('imported')).toBeUndefined();
		}));

	it('refuse the same key twice', () =>
		undone(() => {
			vault.keys.insert(key('twice'));
			expect(() => vault.keys.insert(key('twice'))).toThrow(conflict);
		}));

	it('are listed by purpose and can be renamed', () =>
		undone(() => {
			vault.keys.insert(key('a'));
			vault.keys.insert({ ...key('b'), purpose: 'holder' });
			expect(vault.keys.list({ purpose: 'holder' }).map((row) => row.kid)).toEqual(['b']);
			expect(vault.keys.list()).toHaveLength(2);
			expect(vault.keys.setAlias('a', 'mine')).toBe(true);
			expect(vault.keys.get('a')?.alias).toBe('mine');
		}));

	it('never get the same index twice', () => {
		const taken = new Map<string, number>();
		fc.assert(
			fc.property(fc.constantFrom('a', 'b', "c'"), (scope) => {
				const index = vault.keys.nextIndex(scope);
				expect(index).toBe(taken.get(scope) ?? 0);
				taken.set(scope, index + 1);
				vault.keys.insert({ ...key(`${scope}${index}`), path: `m/${index}'` });
				vault.keys.delete(`${scope}${index}`);
			}),
		);
	});
});

describe('dids', () => {
	const did = (name: string, alias: string | null): DidRow => ({
		did: `did:key:${name}`,
		provider: 'did:key',
		alias,
		controllerKid: null,
		keys: [],
		services: [],
		meta: {},
		createdAt: 1,
	});

	it('are replaced, found by alias, and keep an alias for one', () =>
		undone(() => {
			vault.dids.put(did('a', 'me'));
			vault.dids.put({ ...did('a', 'me'), meta: { changed: true } });
			vault.dids.put(did('b', null));
			vault.dids.put(did('c', null));
			expect(vault.dids.getByAlias('did:key', 'me')?.meta).toEqual({ changed: true });
			expect(vault.dids.list({ provider: 'did:key' })).toHaveLength(3);
			expect(() => vault.dids.put(did('d', 'me'))).toThrow(conflict);
			expect(vault.dids.delete('did:key:a')).toBe(true);
			expect(vault.dids.getByAlias('did:key', 'me')).toBeUndefined();
		}));
});

describe('credentials', () => {
	it('are grouped by batch, newest first, least used copy first', () =>
		undone(() => {
			const copy = (id: string, batchId: string, receivedAt: number) => rows.credentialRow({ id, batchId, receivedAt });
			vault.credentials.insertMany([copy('a1', 'a', 1), copy('b1', 'b', 2), copy('a2', 'a', 1), copy('b2', 'b', 2)]);
			expect(vault.credentials.markUsed('b1', 50)).toBe(true);
			expect(vault.credentials.markUsed('none', 50)).toBe(false);
			const groups = vault.credentials.groups();
			expect(groups.map((group) => [group.batchId, group.credentials.map((row) => row.id)])).toEqual([
				['b', ['b2', 'b1']],
				['a', ['a1', 'a2']],
			]);
			expect(vault.credentials.get('b1')).toMatchObject({ uses: 1, lastUsedAt: 50 });
			expect(vault.credentials.delete('b1')).toBe(true);
			expect(vault.credentials.deleteBatch('a')).toBe(2);
			expect(vault.credentials.list().map((row) => row.id)).toEqual(['b2']);
		}));

	it('are inserted all or none', () => {
		const row = rows.credentialRow({ id: 'same' });
		expect(() => vault.credentials.insertMany([row, row])).toThrow(conflict);
		expect(vault.credentials.get('same')).toBeUndefined();
	});
});

describe('exchanges', () => {
	it('advance by compare-and-set and end once', () =>
		undone(() => {
			vault.exchanges.insert(rows.exchangeRow({ id: 'x', state: 'one' }));
			folder.clock.time += 5;
			vault.exchanges.advance('x', 'one', 'two', { payload: { step: 2 } });
			expect(vault.exchanges.get('x')).toMatchObject({ state: 'two', payload: { step: 2 }, updatedAt: folder.clock.time });
			expect(() => vault.exchanges.advance('x', 'one', 'three')).toThrow(conflict);
			expect(vault.exchanges.open().map((row) => row.id)).toEqual(['x']);
			vault.exchanges.finish('x', 'failed', { errorCode: 'net/timeout' });
			expect(vault.exchanges.open()).toEqual([]);
			expect(vault.exchanges.get('x')).toMatchObject({ outcome: 'failed', errorCode: 'net/timeout' });
			expect(() => vault.exchanges.finish('x', 'done')).toThrow(conflict);
			expect(() => vault.exchanges.advance('x', 'two', 'three')).toThrow(conflict);
			expect(() => vault.exchanges.finish('none', 'done')).toThrow(conflict);
			expect(vault.exchanges.list({ kind: 'receive', limit: 1 })).toHaveLength(1);
			expect(vault.exchanges.list({ kind: 'issue' })).toEqual([]);
		}));
});

describe('activity', () => {
	it('is listed in pages, last first', () =>
		undone(() => {
			const entry = (at: number, kind: string) => ({
				id: `e${at}`,
				at,
				kind,
				title: '',
				peer: null,
				shared: [],
				outcome: 'done',
				detail: null,
				exchangeId: null,
				report: null,
			});
			for (let i = 0; i < 7; i++) vault.activity.append(entry(i, i % 2 ? 'present' : 'receive'));
			const ids = (list: readonly { id: string }[]) => list.map((row) => row.id);
			expect(ids(vault.activity.list({ limit: 3 }))).toEqual(['e6', 'e5', 'e4']);
			expect(ids(vault.activity.list({ before: 4, limit: 3 }))).toEqual(['e3', 'e2', 'e1']);
			expect(ids(vault.activity.list({ before: 1, limit: 3 }))).toEqual(['e0']);
			expect(ids(vault.activity.list({ kind: 'present', limit: 9 }))).toEqual(['e5', 'e3', 'e1']);
		}));
});

describe('credential types', () => {
	const type = { name: 'Badge', formats: ['dc+sd-jwt' as const], vct: 'v', type: 'Badge', schema: {}, display: {}, disclosable: 'all' as const, createdAt: 1 };

	it('can be deleted, but not those that come with the app', () =>
		undone(() => {
			vault.credentialTypes.put({ ...type, id: 'own', builtin: false });
			vault.credentialTypes.put({ ...type, id: 'builtin', builtin: true });
			expect(vault.credentialTypes.list()).toHaveLength(2);
			expect(vault.credentialTypes.delete('own')).toBe(true);
			expect(() => vault.credentialTypes.delete('builtin')).toThrow(conflict);
		}));
});

describe('offers', () => {
	it('are replaced by compare-and-set only', () =>
		undone(() => {
			const offer = rows.offerRow({ id: 'o' });
			vault.offers.insert(offer);
			expect(() => vault.offers.insert(rows.offerRow({ id: 'other' }))).toThrow(conflict);
			expect(vault.offers.setUri('o', 'openid-credential-offer://x')).toBe(true);
			const next = { ...offer, version: 1, accessTokenHash: 'token', uri: 'u', record: { tries: 1 } };
			expect(vault.offers.replace(next)).toBe(true);
			expect(vault.offers.replace(next)).toBe(false);
			expect(vault.offers.replace({ ...next, version: 3 })).toBe(false);
			expect(vault.offers.replace({ ...next, id: 'none' })).toBe(false);
			expect(vault.offers.findByCodeHash('code')).toStrictEqual(next);
			expect(vault.offers.findByAccessTokenHash('token')).toStrictEqual(next);
			expect(vault.offers.findByAccessTokenHash('other')).toBeUndefined();
		}));

	it('are listed newest first', () =>
		undone(() => {
			for (const createdAt of [1, 3, 2]) vault.offers.insert(rows.offerRow({ id: `o${createdAt}`, codeHash: `c${createdAt}`, createdAt }));
			expect(vault.offers.list({ limit: 2 }).map((row) => row.id)).toEqual(['o3', 'o2']);
		}));
});

describe('nonces', () => {
	it('are accepted once, in time', () =>
		undone(() => {
			vault.nonces.put('n', 100);
			vault.nonces.put('late', 100);
			expect(() => vault.nonces.put('n', 100)).toThrow(conflict);
			expect(vault.nonces.consume('unknown', 1)).toBe(false);
			expect(vault.nonces.consume('n', 99)).toBe(true);
			expect(vault.nonces.consume('n', 99)).toBe(false);
			expect(vault.nonces.consume('late', 100)).toBe(false);
			vault.nonces.put('old', 5);
			expect(vault.nonces.prune(5)).toBe(1);
		}));
});

const UNLISTED = { listId: null, idx: null, state: 'valid', changedAt: null, batchId: null, basis: null } as const;

describe('the register', () => {
	const row = (id: string, change: Partial<IssuedRow> = {}): IssuedRow => ({
		id,
		offerId: null,
		typeId: 't',
		format: 'dc+sd-jwt',
		issuerDid: 'd',
		holder: 'h',
		issuedAt: 1,
		validUntil: null,
		subtitle: '',
		...UNLISTED,
		...change,
	});
	const list = (id: string, size: number) => ({
		id,
		issuerDid: 'd',
		uri: `https://x.example/${id}`,
		bits: 2 as const,
		size,
		used: 0,
		revision: 0,
		token: null,
		signedAt: null,
		signedRevision: null,
		publishedAt: null,
		publishedRevision: null,
		createdAt: 1,
	});

	it('shows the copies of a document as one, filters, and goes through all rows in parts', () =>
		undone(() => {
			vault.issued.insertMany([
				row('a', { offerId: 'o', issuedAt: 5, subtitle: 'Ada 100%', listId: 'l', idx: 1 }),
				row('b', { offerId: 'o', issuedAt: 6, subtitle: 'Ada 100%' }),
				row('c', { issuedAt: 7, typeId: 'u', subtitle: 'Bob', batchId: 'x' }),
			]);
			expect(vault.issued.documents({}, { limit: 9 }).map((each) => [each.documentId, each.copies, each.listed])).toEqual([
				['c', 1, 0],
				['o', 2, 1],
			]);
			expect(vault.issued.documents({}, { limit: 1, offset: 1 }).map((each) => each.row.id)).toEqual(['b']);
			const ids = (filter: IssuedFilter) => vault.issued.page(filter, { limit: 9 }).map((each) => each.id);
			expect(ids({ text: 'ADA' })).toEqual(['a', 'b']);
			expect(ids({ text: '0%' })).toEqual(['a', 'b']);
			expect(ids({ text: '_' })).toEqual([]);
			expect(ids({ typeId: 'u' })).toEqual(['c']);
			expect(ids({ batchId: 'x' })).toEqual(['c']);
			expect(ids({ documentId: 'o' })).toEqual(['a', 'b']);
			expect(ids({ issuedFrom: 6, issuedBefore: 7 })).toEqual(['b']);
			expect(vault.issued.count({ text: 'ada' })).toEqual({ rows: 2, documents: 1 });
			expect(vault.issued.page({}, { limit: 2, after: 'a' }).map((each) => each.id)).toEqual(['b', 'c']);
		}));

	it('revokes for good, suspends for a while', () =>
		undone(() => {
			vault.issued.insertMany([row('a')]);
			expect(vault.issued.setState('a', 'suspended', 9)).toBe(true);
			expect(vault.issued.setState('a', 'suspended', 9)).toBe(false);
			expect(vault.issued.setState('a', 'valid', 10)).toBe(true);
			expect(vault.issued.setState('a', 'revoked', 11)).toBe(true);
			expect(vault.issued.setState('a', 'valid', 12)).toBe(false);
			expect(vault.issued.get('a')).toMatchObject({ state: 'revoked', changedAt: 11 });
		}));

	it('draws each entry of a list once, in no order, and says when it is full', () =>
		undone(() => {
			vault.statusLists.insert(list('l', 64));
			const drawn = Array.from({ length: 48 }, () => vault.statusLists.draw('l', systemRandom));
			expect(new Set(drawn).size).toBe(48);
			expect(drawn.every((idx) => idx >= 0 && idx < 64)).toBe(true);
			expect(drawn).not.toEqual(drawn.toSorted((a, b) => a - b));
			expect(vault.statusLists.get('l')?.used).toBe(48);
			vault.statusLists.insert(list('s', 8));
			for (let n = 0; n < 8; n += 1) vault.statusLists.draw('s', systemRandom);
			expect(() => vault.statusLists.draw('s', systemRandom)).toThrow(conflict);
			expect(() => vault.statusLists.draw('nowhere', systemRandom)).toThrow(conflict);
		}));

	it('a status counts only for an entry that was drawn, and each change is a revision', () =>
		undone(() => {
			vault.statusLists.insert(list('l', 64));
			const idx = vault.statusLists.draw('l', systemRandom);
			expect(vault.statusLists.setStatus('l', idx, 1)).toBe(true);
			expect(vault.statusLists.setStatus('l', idx, 1)).toBe(false);
			expect(vault.statusLists.setStatus('l', (idx + 1) % 64, 1)).toBe(false);
			expect(vault.statusLists.entries('l')).toEqual([{ idx, state: 1 }]);
			vault.statusLists.signed('l', 'token', 5, 1);
			vault.statusLists.published('l', 6, 1);
			expect(vault.statusLists.findByUri('https://x.example/l')).toMatchObject({ revision: 1, token: 'token', signedRevision: 1, publishedAt: 6 });
			expect(() => vault.statusLists.insert({ ...list('m', 64), uri: 'https://x.example/l' })).toThrow(conflict);
			expect(() => vault.statusLists.insert(list('n', 63))).toThrow();
		}));
});

describe('batches', () => {
	const batch = (id: string) =>
		({
			id,
			state: 'draft',
			name: 'people.csv',
			typeId: 't',
			format: 'dc+sd-jwt',
			issuerDid: 'd',
			validDays: 1,
			delivery: 'offers',
			offerMinutes: 1,
			basis: 'Contract of employment',
			columns: [{ name: 'A' }],
			createdAt: 1,
			changedAt: 1,
		}) as const;
	const item = (batchId: string, position: number, change: Partial<BatchItem> = {}): BatchItem => ({
		batchId,
		position,
		state: 'waiting',
		key: `k${position}`,
		label: 'L',
		cells: ['x'],
		claims: { a: 1 },
		contact: null,
		holder: null,
		problems: null,
		offerId: null,
		issuedId: null,
		credential: null,
		...change,
	});

	it('issue a row once, keep what came of it and not its claims', () =>
		undone(() => {
			vault.batches.insert(batch('b'));
			vault.batches.insertItems([item('b', 2), item('b', 3, { state: 'wrong', key: null, problems: [{ column: 0 }] }), item('b', 4)]);
			expect(() => vault.batches.insertItems([item('b', 5, { key: 'k2' })])).toThrow(conflict);
			expect(vault.batches.finish('b', 2, { offerId: 'o' })).toBe(true);
			expect(vault.batches.finish('b', 2, { offerId: 'p' })).toBe(false);
			expect(vault.batches.finish('b', 3, { offerId: 'p' })).toBe(false);
			expect(vault.batches.item('b', 2)).toMatchObject({ state: 'done', offerId: 'o', claims: null, cells: null, key: 'k2' });
			expect(vault.batches.counts('b')).toEqual({ wrong: 1, waiting: 1, done: 1, 'left-out': 0 });
			expect(vault.batches.items('b', { limit: 9, after: 2 }).map((each) => each.position)).toEqual([3, 4]);
			expect(vault.batches.items('b', { limit: 9, state: 'done' }).map((each) => each.position)).toEqual([2]);
			vault.batches.insert(batch('c'));
			expect(vault.batches.issuedElsewhere('c', 'k2')).toBe(true);
			expect(vault.batches.issuedElsewhere('b', 'k2')).toBe(false);
			expect(vault.batches.issuedElsewhere('c', 'k4')).toBe(false);
			expect(vault.batches.positionOfKey('b', 'k4', 9)).toBe(4);
			expect(vault.batches.positionOfKey('b', 'k4', 4)).toBeUndefined();
		}));

	it('are mended row by row while they are drafts, and move only from where they are', () =>
		undone(() => {
			vault.batches.insert(batch('b'));
			vault.batches.insertItems([item('b', 2, { state: 'wrong', key: null, claims: null, problems: [{ column: 0 }] }), item('b', 3)]);
			expect(vault.batches.mend(item('b', 2, { cells: ['y'] }))).toBe(true);
			expect(vault.batches.item('b', 2)).toMatchObject({ state: 'waiting', cells: ['y'], problems: null });
			vault.batches.finish('b', 3, {});
			expect(vault.batches.mend(item('b', 3))).toBe(false);
			expect(vault.batches.move('b', ['paused'], 'running', 5)).toBe(false);
			expect(vault.batches.move('b', ['draft'], 'running', 5)).toBe(true);
			expect(vault.batches.get('b')).toMatchObject({ state: 'running', changedAt: 5 });
			expect(vault.batches.list().map((each) => each.id)).toEqual(['b']);
			expect(vault.batches.delete('b')).toBe(true);
			expect(vault.batches.item('b', 3)).toBeUndefined();
		}));

	it('leave wrong rows out', () =>
		undone(() => {
			vault.batches.insert(batch('b'));
			vault.batches.insertItems([item('b', 2, { state: 'wrong', key: null }), item('b', 3)]);
			expect(vault.batches.leaveOutWrong('b')).toBe(1);
			expect(vault.batches.counts('b')).toEqual({ wrong: 0, waiting: 1, done: 0, 'left-out': 1 });
		}));
});

describe('issued', () => {
	it('are listed newest first, counted by offer, and inserted all or none', () =>
		undone(() => {
			const issued = (id: string, offerId: string | null, issuedAt: number) =>
				({ id, offerId, typeId: 't', format: 'dc+sd-jwt', issuerDid: 'd', holder: 'h', issuedAt, validUntil: null, subtitle: '', ...UNLISTED }) as const;
			vault.issued.insertMany([issued('a', 'o', 1), issued('b', 'o', 2), issued('c', null, 3)]);
			expect(vault.issued.list({ limit: 2 }).map((row) => row.id)).toEqual(['c', 'b']);
			expect(vault.issued.countByOffer('o')).toBe(2);
			expect(() => vault.issued.insertMany([issued('d', 'o', 4), issued('a', 'o', 4)])).toThrow(conflict);
			expect(vault.issued.countByOffer('o')).toBe(2);
		}));
});

describe('marks', () => {
	it('belong to the request that took them first, in each scope', () =>
		undone(() => {
			const claim = (claimedBy: string, at: number, scope = 's', nullifier = 'n') => vault.proofNullifiers.claim({ scope, nullifier, claimedBy, at });
			expect(claim('a', 1)).toBeNull();
			expect(claim('a', 2)).toBeNull();
			expect(claim('b', 3)).toBe(1);
			expect(claim('b', 3, 'other')).toBeNull();
			expect(claim('b', 3, 's', 'other')).toBeNull();
		}));
});

describe('places in revocation trees', () => {
	const at = (offerId: string, copy = '', issuerDid = 'd') =>
		({ issuerDid, offerId, copy, typeId: 't', subtitle: 'Ada', createdAt: 1, validUntil: 1000 }) as const;

	it('are given once for a document, and to no other of the issuer', () =>
		undone(() => {
			const places = ['a', 'b', 'c'].map((offer) => vault.proofRevocations.placeFor(at(offer)));
			expect(new Set(places).size).toBe(3);
			for (const place of places) expect(place >= 1 && place < 2 ** 20).toBe(true);
			expect(vault.proofRevocations.placeFor(at('a'))).toBe(places[0]);
			expect(vault.proofRevocations.placeFor(at('a', 'key'))).not.toBe(places[0]);
			expect(vault.proofRevocations.ofOffer('a').map((row) => row.copy)).toEqual(expect.arrayContaining(['', 'key']));
		}));

	it('are revoked with all copies of a document, once, and listed until it would have expired', () =>
		undone(() => {
			const first = vault.proofRevocations.placeFor(at('a'));
			const copy = vault.proofRevocations.placeFor(at('a', 'key'));
			vault.proofRevocations.placeFor(at('b'));
			const other = vault.proofRevocations.placeFor(at('c', '', 'other'));
			expect(vault.proofRevocations.revoked('d', 0)).toEqual({ places: [], lastAt: null });
			expect(vault.proofRevocations.revoke('a', 50)).toBe(2);
			expect(vault.proofRevocations.revoke('a', 60)).toBe(0);
			expect(vault.proofRevocations.revoke('c', 70)).toBe(1);
			expect(vault.proofRevocations.revoked('d', 999)).toEqual({ places: [first, copy].toSorted((a, b) => a - b), lastAt: 50 });
			expect(vault.proofRevocations.revoked('other', 999)).toEqual({ places: [other], lastAt: 70 });
			expect(vault.proofRevocations.revoked('d', 1000)).toEqual({ places: [], lastAt: 50 });
			// A document that was issued again, with a later end, stays revoked until then.
			vault.proofRevocations.placeFor({ ...at('a'), validUntil: 2000 });
			expect(vault.proofRevocations.revoked('d', 1500).places).toEqual([first]);
			expect(vault.proofRevocations.revoke('nobody', 1)).toBe(0);
		}));
});

describe('verifications', () => {
	it('are replaced by compare-and-set only', () =>
		undone(() => {
			const row = rows.verificationRow({ id: 'v' });
			vault.verifications.insert(row);
			expect(() => vault.verifications.insert(row)).toThrow(conflict);
			expect(vault.verifications.setMeta('v', { title: 'Age', uri: 'openid4vp://x' })).toBe(true);
			const next = { ...row, version: 1, state: 'done' as const, receivedAt: 5, record: { answer: true } };
			expect(vault.verifications.replace(next)).toBe(true);
			expect(vault.verifications.replace(next)).toBe(false);
			expect(vault.verifications.get('v')).toStrictEqual(next);
			expect(vault.verifications.list({ limit: 5 })).toHaveLength(1);
			expect(vault.verifications.delete('v')).toBe(true);
		}));
});

describe('choices of unnamed owners', () => {
	it('count once for each nullifier in a scope', () =>
		undone(() => {
			const claim = (nullifier: string, choice: string, scope = 's') => vault.ownerChoices.claim({ scope, nullifier, message: `m ${choice}`, choice, at: 1 });
			expect(claim('a', 'For')).toBeUndefined();
			expect(claim('a', 'For')).toBe('m For');
			expect(claim('a', 'Against')).toBe('m For');
			expect(claim('b', 'For')).toBeUndefined();
			expect(claim('c', 'Against')).toBeUndefined();
			expect(claim('a', 'Against', 'other')).toBeUndefined();
			expect(vault.ownerChoices.counts('s')).toEqual([
				{ choice: 'For', count: 2 },
				{ choice: 'Against', count: 1 },
			]);
			expect(vault.ownerChoices.counts('none')).toEqual([]);
		}));
});

describe('collections', () => {
	it('are there once for each contract, found by it, listed by name and removed', () =>
		undone(() => {
			const row = { id: 'a', chainId: 1, contract: '0x00', standard: 'erc721' as const, name: 'Z', addedAt: 1 };
			vault.collections.insert(row);
			vault.collections.insert({ ...row, id: 'b', chainId: 2, name: 'A' });
			expect(() => vault.collections.insert({ ...row, id: 'c' })).toThrowError(expect.objectContaining({ code: 'vault/conflict' }));
			expect(vault.collections.find(2, '0x00')?.id).toBe('b');
			expect(vault.collections.find(3, '0x00')).toBeUndefined();
			expect(vault.collections.list().map((each) => each.id)).toEqual(['b', 'a']);
			expect(vault.collections.remove('a')).toBe(true);
			expect(vault.collections.remove('a')).toBe(false);
		}));
});

describe('trusted issuers and networks', () => {
	it('are replaced, listed and removed', () =>
		undone(() => {
			vault.trustedIssuers.put({ issuer: 'did:web:a', name: 'Z', addedAt: 1 });
			vault.trustedIssuers.put({ issuer: 'did:web:b', name: 'B', addedAt: 1 });
			vault.trustedIssuers.put({ issuer: 'did:web:a', name: 'A', addedAt: 1 });
			expect(vault.trustedIssuers.list().map((row) => row.name)).toEqual(['A', 'B']);
			expect(vault.trustedIssuers.remove('did:web:a')).toBe(true);
			expect(vault.trustedIssuers.get('did:web:a')).toBeUndefined();
			vault.networks.put({ chainId: 1, name: 'Own', rpcUrl: 'https://rpc.example', ethrRegistry: null });
			expect(vault.networks.remove(1)).toBe(true);
			expect(vault.networks.remove(1)).toBe(false);
		}));
});

describe('DAOs and votes', () => {
	const key = { kid: 'k', type: 'Secp256k1', publicKeyHex: '00', path: "m/1'", purpose: 'vote', alias: null, createdAt: 1 } as const;
	const dao = { id: 'd', context: 'dao:snapshot:a.eth', name: 'b', ref: { system: 'snapshot' }, kid: 'k', account: { index: 0 }, addedAt: 1 };
	const vote = {
		id: 'v',
		context: dao.context,
		proposalId: '7',
		state: 'sending',
		words: { choice: 'Yes' },
		receipt: { n: 1 },
		lastCheck: null,
		createdAt: 1,
	} as const;

	it('one DAO for each context, with a key that exists; by name', () =>
		undone(() => {
			expect(() => vault.daos.insert(dao)).toThrow();
			vault.keys.insert(key);
			vault.daos.insert(dao);
			vault.daos.insert({ ...dao, id: 'e', context: 'dao:snapshot:b.eth', name: 'A' });
			expect(() => vault.daos.insert({ ...dao, id: 'f' })).toThrow(expect.objectContaining({ code: 'vault/conflict' }));
			expect(vault.daos.list().map(({ id }) => id)).toEqual(['e', 'd']);
			expect(vault.daos.get('d')).toEqual(dao);
			expect(vault.daos.ofContext(dao.context)).toEqual(dao);
			// A key that a DAO needs is not deleted from under it.
			expect(() => vault.keys.delete('k')).toThrow();
			expect(vault.daos.remove('d')).toBe(true);
			expect(vault.daos.remove('d')).toBe(false);
		}));

	it('files of a Safe by what is signed: a second one takes the first one’s place and keeps its time', () =>
		undone(() => {
			const file = { digest: '0x1', context: dao.context, file: 'one', addedAt: 1 };
			vault.safeFiles.put(file);
			vault.safeFiles.put({ ...file, digest: '0x2', addedAt: 2 });
			vault.safeFiles.put({ ...file, digest: '0x3', context: 'other' });
			vault.safeFiles.put({ ...file, file: 'two', addedAt: 9 });
			expect(vault.safeFiles.list(dao.context).map(({ digest }) => digest)).toEqual(['0x2', '0x1']);
			expect(vault.safeFiles.get('0x1')).toEqual({ ...file, file: 'two' });
			expect([vault.safeFiles.remove('0x1'), vault.safeFiles.remove('0x1')]).toEqual([true, false]);
			expect(vault.safeFiles.get('0x1')).toBeUndefined();
		}));

	it('descriptions of contracts by name: a second one of a name takes the first one’s place', () =>
		undone(() => {
			vault.descriptions.put({ id: '1', name: 'b.json', text: 'one', addedAt: 1 });
			vault.descriptions.put({ id: '2', name: 'a.json', text: 'two', addedAt: 2 });
			vault.descriptions.put({ id: '3', name: 'b.json', text: 'three', addedAt: 3 });
			expect(vault.descriptions.list()).toEqual([
				{ id: '2', name: 'a.json', text: 'two', addedAt: 2 },
				{ id: '3', name: 'b.json', text: 'three', addedAt: 3 },
			]);
			expect([vault.descriptions.remove('3'), vault.descriptions.remove('3')]).toEqual([true, false]);
		}));

	it('votes stay when the DAO goes; newest first; changed by id', () =>
		undone(() => {
			vault.votes.insert(vote);
			vault.votes.insert({ ...vote, id: 'w', createdAt: 2 });
			vault.votes.insert({ ...vote, id: 'x', context: 'other' });
			expect(vault.votes.list({ context: dao.context }).map(({ id }) => id)).toEqual(['w', 'v']);
			expect(vault.votes.list()).toHaveLength(3);
			expect(vault.votes.update('v', { state: 'sent', lastCheck: { state: 'counted' } })).toBe(true);
			expect(vault.votes.get('v')).toEqual({ ...vote, state: 'sent', lastCheck: { state: 'counted' } });
			expect(vault.votes.update('nobody', { state: 'sent' })).toBe(false);
			expect(() => vault.votes.update('v', { state: 'lost' as 'sent' })).toThrow();
		}));
});

describe('settings and cache', () => {
	it('read with the schema of the reader, and forget', () =>
		undone(() => {
			vault.settings.set('theme', 'dark');
			expect(vault.settings.get('theme', z.enum(['dark', 'light']))).toBe('dark');
			expect(vault.settings.get('theme', z.number())).toBeUndefined();
			expect(vault.settings.get('none', z.string())).toBeUndefined();
			expect(vault.settings.delete('theme')).toBe(true);
			vault.cache.put('k', 1, 10);
			vault.cache.put('k', 2, 20);
			expect(vault.cache.prune(folder.clock.time + 10)).toBe(0);
			expect(vault.cache.get('k')?.value).toBe(2);
			expect(vault.cache.prune(folder.clock.time + 20)).toBe(1);
			expect(vault.cache.get('k')).toBeUndefined();
			expect(vault.cache.delete('k')).toBe(false);
		}));
});

describe('prepared proofs', () => {
	const row = { credentialId: 'c', statement: 'over 18', day: 2026_11_26 };
	const content = (text: string) => SecretBytes.copy(utf8(text));
	const taken = (from: Vault, change: Partial<typeof row> = {}): string | undefined => from.preparedProofs.take({ ...row, ...change })?.use(utf8Decode);

	it('are handed out once each, for exactly what they are good for', () =>
		undone(() => {
			vault.credentials.insertMany([rows.credentialRow({ id: 'c' }), rows.credentialRow({ id: 'd' })]);
			for (const text of ['one', 'two']) vault.preparedProofs.put(row, content(text));
			for (const other of [{ credentialId: 'd' }, { statement: 'over 21' }, { day: 2026_11_27 }]) {
				expect(vault.preparedProofs.count({ ...row, ...other })).toBe(0);
				expect(taken(vault, other)).toBeUndefined();
			}
			expect(vault.preparedProofs.count(row)).toBe(2);
			expect([taken(vault), taken(vault)].sort()).toEqual(['one', 'two']);
			expect(vault.preparedProofs.count(row)).toBe(0);
			expect(taken(vault)).toBeUndefined();
		}));

	it('are not handed out again where a transaction brings them back', () =>
		undone(() => {
			vault.credentials.insertMany([rows.credentialRow({ id: 'c' })]);
			vault.preparedProofs.put(row, content('once'));
			undone(() => expect(taken(vault)).toBe('once'));
			expect(vault.preparedProofs.count(row)).toBe(1);
			expect(taken(vault)).toBeUndefined();
		}));

	it('go with their credential, with their day, and all at once', () =>
		undone(() => {
			vault.credentials.insertMany([rows.credentialRow({ id: 'c' }), rows.credentialRow({ id: 'd' })]);
			const all = () => [row, { ...row, credentialId: 'd' }, { ...row, day: row.day + 1 }].map((each) => vault.preparedProofs.count(each));
			for (const each of [row, { ...row, credentialId: 'd' }, { ...row, day: row.day + 1 }]) vault.preparedProofs.put(each, content('x'));
			expect(all()).toEqual([1, 1, 1]);
			vault.credentials.delete('d');
			expect(all()).toEqual([1, 0, 1]);
			expect(vault.preparedProofs.keepOnly(row.day)).toBe(1);
			expect(all()).toEqual([1, 0, 0]);
			expect(vault.preparedProofs.clear()).toBe(1);
			expect(() => vault.preparedProofs.put({ ...row, credentialId: 'gone' }, content('x'))).toThrow(conflict);
		}));

	it('are of no use to another opening of the vault, nor to a copy of the file from before they were used', async () => {
		const own = await closedVault();
		const first = await own.open();
		first.credentials.insertMany([rows.credentialRow({ id: 'c' })]);
		first.preparedProofs.put(row, content('of the first'));
		const second = await own.open();
		expect(second.preparedProofs.count(row)).toBe(0);
		expect(taken(second)).toBeUndefined();
		second.close();
		// As it lay there before it was used; a kill of the process leaves the same.
		const before = join(own.dir, '../before');
		cpSync(own.dir, before, { recursive: true });
		expect(taken(first)).toBe('of the first');
		first.close();
		const back = await own.open({ dir: before });
		expect(taken(back)).toBeUndefined();
		// The row is there, and goes.
		expect(back.preparedProofs.keepOnly(row.day)).toBe(1);
		back.close();
		own.remove();
	});
});

describe('transaction', () => {
	const set = (key: string) => vault.settings.set(key, key);
	const has = (key: string) => vault.settings.get(key, z.string()) !== undefined;

	it('is all or nothing, and a nested one can fail alone', () => {
		expect(() =>
			vault.transaction(() => {
				set('lost');
				throw new RangeError('stop');
			}),
		).toThrow(RangeError);
		expect(has('lost')).toBe(false);
		const value = vault.transaction(() => {
			set('outer');
			expect(() =>
				vault.transaction(() => {
					set('inner');
					vault.transaction(() => set('innermost'));
					throw new RangeError('stop');
				}),
			).toThrow(RangeError);
			vault.transaction(() => set('second'));
			return 7;
		});
		expect(value).toBe(7);
		expect(['outer', 'inner', 'innermost', 'second'].map(has)).toEqual([true, false, false, true]);
	});

	it('loses what a nested one did where the outer one fails', () => {
		expect(() =>
			vault.transaction(() => {
				vault.transaction(() => set('nested'));
				throw new RangeError('stop');
			}),
		).toThrow(RangeError);
		expect(has('nested')).toBe(false);
	});

	it('refuses to be asynchronous, and undoes what was done', async () => {
		expect(() => vault.transaction(async () => set('late'))).toThrow(code('vault/async-transaction'));
		expect(() => vault.transaction(() => Promise.reject(new Error('late')))).toThrow(code('vault/async-transaction'));
		expect(has('late')).toBe(false);
	});

	it('agrees with a model, whatever fails in whatever depth', () => {
		type Step = { readonly key: string; readonly fails: boolean; readonly inner: readonly Step[] };
		const step = (depth: number): fc.Arbitrary<Step> =>
			fc.record({
				key: fc.constantFrom('p', 'q', 'r', 's'),
				fails: fc.boolean(),
				inner: depth === 0 ? fc.constant<readonly Step[]>([]) : fc.array(step(depth - 1), { maxLength: 3 }),
			});
		let written = 0;
		const run = ({ key, fails, inner }: Step, model: Map<string, number>): Map<string, number> => {
			const next = new Map(model);
			try {
				return vault.transaction(() => {
					written++;
					vault.settings.set(key, written);
					let state = next.set(key, written);
					for (const each of inner) state = run(each, state);
					if (fails) throw new RangeError('stop');
					return state;
				});
			} catch (error) {
				if (!(error instanceof RangeError)) throw error;
				return model;
			}
		};
		fc.assert(
			fc.property(step(3), (root) =>
				undone(() => {
					const model = run(root, new Map());
					for (const key of ['p', 'q', 'r', 's']) expect(vault.settings.get(key, z.number())).toBe(model.get(key));
				}),
			),
			{ numRuns: 50 },
		);
	});
});
