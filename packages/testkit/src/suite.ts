import assert from 'node:assert/strict';
import type { CredentialFormat } from '@holdfast/contract';
import { findCheck, type ReportNode } from '@holdfast/kernel';
import type { Actor } from './actor.ts';
import { ADA_DIPLOMA, ADA_ID } from './people.ts';

// What every front of the wallet has to do, in both formats. Written against Actor alone, so that the
// service, the command line and the app's window are held to the same.

export interface Scenario {
	readonly name: string;
	run(people: { readonly authority: Actor; readonly holder: Actor }, format: CredentialFormat): Promise<void>;
}

const NAME_AND_NATIONALITY = [['given_name'], ['family_name'], ['nationalities']] as const;

/** All leaves of the identity card, as a format without selective disclosure shows them. */
const everyPath = (value: unknown, path: readonly string[] = []): string[] =>
	typeof value === 'object' && value !== null && !Array.isArray(value)
		? Object.entries(value).flatMap(([name, child]) => everyPath(child, [...path, name]))
		: [path.join('.')];

const refusedWith = (code: string) => (error: unknown) => {
	assert.equal((error as { code?: string }).code, code);
	assert.ok((error as Error).message.length > 10, 'a refusal has words');
	return true;
};

const identity = (format: CredentialFormat, issuerDid: string) => ({ typeId: 'eudi-pid', format, issuerDid, claims: ADA_ID });

export const scenarios: readonly Scenario[] = [
	{
		name: 'issue two documents, receive both, show name and nationality only',
		async run({ authority, holder }, format) {
			const issuerDid = await authority.createDid('did:jwk');
			const verifierDid = await authority.createDid('did:key', 'Secp256r1');
			await authority.serve('issuer');
			await authority.serve('verifier');
			const card = await authority.offer(identity(format, issuerDid));
			const diploma = await authority.offer({ typeId: 'university-diploma', format, issuerDid, claims: ADA_DIPLOMA, byReference: true });
			await holder.receive(card.uri);
			await holder.receive(diploma.uri);
			assert.equal((await holder.credentials()).length, 2);

			const request = await authority.request({ typeId: 'eudi-pid', format, paths: NAME_AND_NATIONALITY, did: verifierDid, encrypted: true });
			const agreed = format === 'dc+sd-jwt' ? ['given_name', 'family_name', 'nationalities'] : everyPath(ADA_ID);
			const learned = await holder.present(request.uri, agreed);

			const seen = await authority.verification(request.id);
			assert.equal(seen.state, 'done');
			assert.equal(seen.verdict?.accepted, true, seen.verdict?.sentence);
			const shown = seen.verdict?.documents[0]?.lines.map((line) => line.path.filter((part) => typeof part === 'string').join('.')) ?? [];
			assert.deepEqual(
				[...new Set(shown)].sort(),
				[...new Set(learned.map((path) => path.replace(/\.(\d+|\*)/g, '')))].sort(),
				'the verifier learned what the holder was told',
			);
			for (const check of ['signature', 'issuer-key', 'issuer-trust', 'time', 'holder-binding']) {
				const node: ReportNode | null | undefined = seen.verdict && findCheck(seen.verdict.report, check);
				assert.ok(node, `the report has a node for ${check}`);
				assert.equal(node.result, 'passed');
			}
			assert.equal(shown.includes('birthdate'), format === 'jwt_vc_json', 'a birth date is shown only where the format cannot hide it');
			const log = await holder.activity();
			assert.ok(
				log.some((entry) => entry.kind === 'presented' && entry.shared.length > 0),
				'the log says what was shared',
			);
		},
	},
	{
		name: 'a transaction code has to be right, and the offer works once',
		async run({ authority, holder }, format) {
			const issuerDid = await authority.createDid('did:key', 'Ed25519');
			await authority.serve('issuer');
			const offer = await authority.offer({ ...identity(format, issuerDid), txCode: true });
			assert.match(offer.txCode ?? '', /^\d{6}$/);
			const wrong = offer.txCode === '000000' ? '000001' : '000000';
			await assert.rejects(holder.receive(offer.uri, wrong), refusedWith('oid4vci/code-refused'));
			await holder.receive(offer.uri, offer.txCode ?? '');
			await assert.rejects(holder.receive(offer.uri, offer.txCode ?? ''), refusedWith('oid4vci/code-refused'));
			assert.equal((await holder.credentials()).length, 1);
		},
	},
	{
		name: 'a cancelled offer gives nothing',
		async run({ authority, holder }, format) {
			const issuerDid = await authority.createDid('did:jwk');
			await authority.serve('issuer');
			const offer = await authority.offer(identity(format, issuerDid));
			await authority.cancelOffer(offer.id);
			await assert.rejects(holder.receive(offer.uri), refusedWith('oid4vci/code-refused'));
			assert.equal((await holder.credentials()).length, 0);
		},
	},
	{
		name: 'nothing to show, no wish to show, and asking for more than agreed',
		async run({ authority, holder }, format) {
			const issuerDid = await authority.createDid('did:jwk');
			await authority.serve('issuer');
			await authority.serve('verifier');
			const asked = { typeId: 'eudi-pid', format, paths: NAME_AND_NATIONALITY };
			const first = await authority.request(asked);
			await assert.rejects(holder.present(first.uri, ['given_name']), refusedWith('present/nothing-matches'));
			await holder.receive((await authority.offer(identity(format, issuerDid))).uri);
			await assert.rejects(holder.present(first.uri, ['given_name']), refusedWith('present/asks-for-more'));
			await holder.refuse(first.uri);
			const refused = await authority.verification(first.id);
			assert.equal(refused.state, 'refused');
			assert.equal(refused.verdict, null);
			assert.match(refused.refusal ?? '', /declined/);
		},
	},
	{
		name: 'an issuer that the verifier does not know is not accepted, until it is',
		async run({ authority, holder }, format) {
			// The holder plays the unknown issuer: it signs for itself.
			const selfMade = await holder.createDid('did:jwk');
			await authority.serve('verifier');
			const own = await holder.issueTo(selfMade, identity(format, selfMade));
			await holder.receive(own);
			const agreed = everyPath(ADA_ID);
			const asked = { typeId: 'eudi-pid', format, paths: NAME_AND_NATIONALITY };
			const first = await authority.request(asked);
			await holder.present(first.uri, agreed);
			const before = (await authority.verification(first.id)).verdict;
			assert.equal(before?.accepted, false);
			assert.equal(before && findCheck(before.report, 'issuer-trust')?.code, 'credential/unknown-issuer');
			assert.match(before?.sentence ?? '', /trusted issuers/);
			await authority.trust(selfMade, 'Ada herself');
			const second = await authority.request(asked);
			await holder.present(second.uri, agreed);
			const after = (await authority.verification(second.id)).verdict;
			assert.equal(after?.accepted, true, after?.sentence);
			await assert.rejects(holder.present(second.uri, agreed), 'a request is answered once');
		},
	},
	{
		name: "somebody else's document cannot be taken in, and a deleted one is gone",
		async run({ authority, holder }, format) {
			const issuerDid = await authority.createDid('did:jwk');
			const holderDid = await holder.createDid('did:jwk');
			const credential = await authority.issueTo(holderDid, identity(format, issuerDid));
			await assert.rejects(authority.receive(credential), refusedWith('receive/not-yours'));
			const [id] = await holder.receive(credential);
			assert.ok(id);
			await holder.deleteCredential(id);
			assert.deepEqual(await holder.credentials(), []);
		},
	},
];
