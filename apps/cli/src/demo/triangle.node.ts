import type { CallInput, ClaimLine, CredentialFormat, Verification } from '@holdfast/contract';
import { HoldfastError, type Json, type ReportNode } from '@holdfast/kernel';
import { presentWords } from '../words.ts';
import type { DemoWallet } from './wallet.node.ts';

// The trust triangle as a story. Whatever it says about what somebody learned is read from what they hold
// afterwards; where that is not as it has to be, the demonstration fails.

export interface Step {
	readonly title: string;
	readonly lines: readonly string[];
}

export interface Cast {
	readonly issuer: DemoWallet;
	readonly holder: DemoWallet;
	readonly verifier: DemoWallet;
	/** How many blocks the chain has. */
	readonly blocks: () => Promise<number>;
	readonly chainId: number;
	readonly tell: (step: Step) => void;
}

/** An identity card in the shape of the EUDI PID, of a person who does not exist. */
const CARD = {
	given_name: 'Ada',
	family_name: 'Sample',
	birthdate: '1990-12-10',
	nationalities: ['FR', 'GB'],
	address: { street_address: '12 Harbour Road', locality: 'Sampleton', postal_code: 'E14 9ZZ', country: 'GB' },
	issuing_authority: 'Office of Examples',
	issuing_country: 'GB',
	date_of_expiry: '2035-01-01',
} satisfies CallInput<'issue.prepare'>['claims'];

const ASKED = [['given_name'], ['family_name'], ['nationalities']];

/** Values that nobody but issuer and holder may see where only name and nationality were asked for. */
const PRIVATE = [CARD.birthdate, CARD.address.street_address, CARD.address.postal_code];

const wrong = (message: string): never => {
	throw new HoldfastError('demo/unexpected', message);
};

/** What a verifier holds of somebody, as text: an answer's claims, its report, everything. */
const heldOf = (verification: Verification): string => JSON.stringify(verification);

const labels = (lines: readonly ClaimLine[]): string => [...new Set(lines.map((line) => line.label))].join(', ');
const shown = (lines: readonly ClaimLine[]): string => lines.map((line) => `${line.label}: ${line.value}`).join('; ');

/** The checks that a verdict rests on, without what was not applicable. */
const checks = (report: ReportNode): string[] =>
	(report.children ?? []).flatMap((node) =>
		node.children ? checks(node) : node.result === 'skipped' ? [] : [`  ${node.result}: ${node.title}: ${node.reason}`],
	);

async function identities({ issuer, verifier, tell, blocks, chainId }: Cast) {
	const before = await blocks();
	const { did: issuerDid } = await issuer.call('dids.create', { method: 'did:ethr', chainId, alias: issuer.name });
	const { did: verifierDid } = await verifier.call('dids.create', { method: 'did:jwk', alias: verifier.name });
	const { document } = await verifier.call('dids.resolve', { did: issuerDid, fresh: true });
	if ((document as { id?: Json }).id !== issuerDid) wrong('The identity on the chain is another one.');
	if ((await blocks()) !== before) wrong('Something was written to the chain.');
	await issuer.call('services.start', { kind: 'issuer', host: '127.0.0.1', port: 0, publicUrl: null });
	await verifier.call('services.start', { kind: 'verifier', host: '127.0.0.1', port: 0, publicUrl: null });
	tell({
		title: 'Identities',
		lines: [
			`${issuer.name} makes ${issuerDid}`,
			`${verifier.name} makes ${verifierDid.slice(0, 40)}…`,
			"The chain's registry is asked for the issuer's key and answers; making the identity wrote nothing to it.",
		],
	});
	return { issuerDid, verifierDid };
}

async function receive({ issuer, holder, tell }: Cast, issuerDid: string, format: CredentialFormat): Promise<void> {
	const prepared = await issuer.call('issue.prepare', {
		typeId: 'eudi-pid',
		format,
		issuerDid,
		claims: CARD,
		validDays: 365,
		delivery: { kind: 'offer', txCode: true, byReference: true, expiresInMinutes: 10 },
	});
	const { offer } = await issuer.call('issue.approve', { id: prepared.id });
	if (!offer) return wrong('No offer was made.');
	const review = await holder.call('receive.open', { text: offer.uri });
	const { credentialIds } = await holder.call('receive.approve', { id: review.id, txCode: offer.txCode ?? '' });
	const issued = (await issuer.call('issue.issued', {})).filter((each) => each.offerId === offer.id);
	const [kept] = (await holder.call('credentials.list', {})).filter((each) => each.id === credentialIds[0]);
	if (!kept || new Set(issued.map((each) => each.holder)).size !== kept.copies) wrong('Not every copy has a key of its own.');
	tell({
		title: `Issue and receive (${format})`,
		lines: [
			`${issuer.name} signs: ${shown(prepared.lines)}`,
			`${holder.name} receives ${kept?.copies} copies by link and code, each bound to a key of its own.`,
			`${issuer.name} learned: the ${issued.length} public keys, besides what it signed.`,
			`${issuer.name} did not learn: a name or DID of the wallet, or where the document will be shown: nobody asks the issuer.`,
			...prepared.warnings,
		],
	});
}

async function ask({ verifier }: Cast, verifierDid: string, format: CredentialFormat, paths: string[][], title: string): Promise<Verification> {
	const prepared = await verifier.call('verify.prepare', {
		title,
		request: { kind: 'claims', typeId: 'eudi-pid', format, paths },
		verifierDid,
		encrypted: true,
		expiresInMinutes: 5,
	});
	return verifier.call('verify.approve', { id: prepared.id });
}

async function show(cast: Cast, verifierDid: string, format: CredentialFormat) {
	const { holder, verifier } = cast;
	const request = await ask(cast, verifierDid, format, ASKED, 'Entrance');
	const review = await holder.call('present.open', { text: request.uri });
	const [query] = review.queries;
	const [candidate] = query?.candidates ?? [];
	if (!query || !candidate) return wrong('The holder has nothing to show.');
	await holder.call('present.approve', { id: review.id, choices: [{ queryId: query.queryId, credentialId: candidate.credential.id }] });
	const seen = await verifier.call('verify.get', { id: request.id });
	if (!seen.verdict) return wrong('The verifier came to no verdict.');
	return { review, candidate, seen, verdict: seen.verdict };
}

async function unknownIssuer(cast: Cast, verifierDid: string, issuerDid: string, format: CredentialFormat): Promise<void> {
	const { holder, issuer, verifier, tell } = cast;
	const { review, verdict } = await show(cast, verifierDid, format);
	if (verdict.accepted) wrong('A stranger was believed.');
	tell({
		title: 'Present to somebody who does not know the issuer',
		lines: [...presentWords(review).split('\n'), `${holder.name} approves.`, `${verifier.name}: ${verdict.sentence}`],
	});
	await verifier.call('trust.add', { issuer: issuerDid, name: issuer.name });
	tell({ title: 'Trust', lines: [`${verifier.name} puts ${issuer.name} on its list of trusted issuers.`] });
}

async function present(cast: Cast, verifierDid: string, format: CredentialFormat): Promise<void> {
	const { holder, verifier, tell } = cast;
	const { candidate, seen, verdict } = await show(cast, verifierDid, format);
	if (!verdict.accepted) wrong(verdict.sentence);
	const held = heldOf(seen);
	const leaked = PRIVATE.filter((value) => held.includes(value));
	if (format === 'dc+sd-jwt' && leaked.length > 0) wrong('The verifier holds what it was not shown.');
	tell({
		title: `Present and verify (${format})`,
		lines: [
			`${verifier.name} asks for name and nationality; ${holder.name} approves.`,
			`${verifier.name}: ${verdict.sentence}`,
			...checks(verdict.report),
			`${verifier.name} learned: ${verdict.documents.map((each) => shown(each.lines)).join('; ')}`,
			candidate.hidden.length > 0
				? `${verifier.name} did not learn: ${labels(candidate.hidden)}. What it holds was searched for their values: there are none.`
				: `${verifier.name} was shown everything: this format cannot hide single claims. ${holder.name} saw that before approving.`,
		],
	});
}

async function decline(cast: Cast, verifierDid: string): Promise<void> {
	const { holder, verifier, tell } = cast;
	const request = await ask(cast, verifierDid, 'dc+sd-jwt', [['birthdate'], ['address']], 'Newsletter');
	const review = await holder.call('present.open', { text: request.uri });
	await holder.call('present.refuse', { id: review.id });
	const seen = await verifier.call('verify.get', { id: request.id });
	if (seen.state !== 'refused' || PRIVATE.some((value) => heldOf(seen).includes(value))) wrong('The refusal was not one.');
	tell({
		title: 'Refuse',
		lines: [
			`${verifier.name} asks for birth date and address; ${holder.name} refuses.`,
			`${verifier.name} learned: ${seen.refusal}`,
			`${verifier.name} did not learn: whether there is such a document at all.`,
		],
	});
}

/** Plays the whole triangle in both formats. @throws HoldfastError demo/unexpected where something is not as it has to be */
export async function playTriangle(cast: Cast): Promise<void> {
	const { holder, tell, blocks } = cast;
	const before = await blocks();
	const { issuerDid, verifierDid } = await identities(cast);
	await receive(cast, issuerDid, 'dc+sd-jwt');
	await unknownIssuer(cast, verifierDid, issuerDid, 'dc+sd-jwt');
	await present(cast, verifierDid, 'dc+sd-jwt');
	await receive(cast, issuerDid, 'jwt_vc_json');
	await present(cast, verifierDid, 'jwt_vc_json');
	await decline(cast, verifierDid);
	if ((await blocks()) !== before) wrong('Something was written to the chain.');
	const log = await holder.call('activity.list', { limit: 50 });
	tell({
		title: 'Afterwards',
		lines: [
			`${holder.name}'s log, which has names of claims and no values:`,
			...log.filter((entry) => entry.kind !== 'security').map((entry) => `  ${entry.title}${entry.shared.length > 0 ? ` (${entry.shared.join('; ')})` : ''}`),
			"The chain learned: that somebody looked up the issuer's DID. No transaction was made; nothing about the holder is on it.",
		],
	});
}
