import type { Verification } from '@holdfast/contract';
import { parse, verify } from '@holdfast/credentials';
import type { JsonObject } from '@holdfast/kernel';
import { describeDcql, isQrMode, OWNERSHIP_FORMAT, parseDcql, type Verifier } from '@holdfast/oid4vc';
import type { VerificationRow } from '@holdfast/vault';
import { dayOf } from '@holdfast/zk';
import { record } from '../activity.node.ts';
import { checkOwnership, looksLikeOwnership } from '../assets/verify.node.ts';
import { ServiceError } from '../errors.ts';
import { trustPolicy } from '../parties.node.ts';
import { presets } from '../presets.ts';
import { queryWords } from '../proofs/words.node.ts';
import { queryFor } from '../query.node.ts';
import { interfaces } from '../servers.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';
import { statusPolicy } from '../statuses.node.ts';
import { clientIdOf, offlineVerifier, recordOf, verdict, verificationView } from '../verifier.node.ts';

const LISTED = 200;

export interface VerifySubject {
	readonly title: string;
	readonly purpose: string | null;
	readonly dcql: JsonObject;
	readonly verifierDid: string | null;
	readonly encrypted: boolean;
	readonly channel: Verification['channel'];
	readonly expiresInMinutes: number;
}

function stored(session: Session, id: string): VerificationRow {
	const row = session.vault.verifications.get(id);
	if (!row) throw new ServiceError('verify/no-such-request', 'This request is not in the wallet.');
	return row;
}

const verifierFor = (session: Session, channel: Verification['channel']): Verifier =>
	channel === 'qr' ? offlineVerifier(session) : session.servers.verifier();

export const verifyHandlers: Handlers<
	| 'verify.presets'
	| 'verify.prepare'
	| 'verify.approve'
	| 'verify.discard'
	| 'verify.list'
	| 'verify.get'
	| 'verify.cancel'
	| 'verify.answer'
	| 'verify.check'
	| 'services.status'
	| 'services.interfaces'
	| 'services.start'
	| 'services.stop'
> = {
	'verify.presets': () => presets.map(({ id, title, summary, can }) => ({ id, title, summary, can })),

	'verify.prepare': async (input, session) => {
		const dcql = parseDcql(queryFor(session.vault, input, dayOf(session.clock), await session.proofs.systems())) as unknown as JsonObject;
		if (input.verifierDid !== null) await session.agent.didSigner(input.verifierDid, { relationship: 'authentication' });
		const channel = input.channel ?? 'service';
		verifierFor(session, channel);
		const id = session.reviews.open('verify', {
			title: input.title,
			purpose: input.purpose ?? null,
			dcql,
			verifierDid: input.verifierDid,
			encrypted: input.encrypted,
			channel,
			expiresInMinutes: input.expiresInMinutes,
		});
		return {
			id,
			asks: describeDcql(parseDcql(dcql), queryWords(session, dayOf(session.clock))),
			identifiedAs: input.verifierDid ?? (channel === 'qr' ? 'Nobody: you are there yourself' : 'The address of this service, unsigned'),
			dcql: dcql as Record<string, never>,
			warnings: input.verifierDid === null ? ['Nobody vouches for this request: wallets will warn their holders.'] : [],
		};
	},

	'verify.approve': async ({ id }, session) => {
		const subject = session.reviews.take('verify', id);
		const { verifierDid } = subject;
		const sealed = subject.encrypted ? '.jwt' : '';
		const created = await verifierFor(session, subject.channel).createRequest({
			dcql: subject.dcql,
			...(subject.purpose === null ? {} : { purpose: subject.purpose }),
			...(await clientIdOf(session, verifierDid)),
			responseMode: subject.channel === 'qr' ? `org.holdfast.qr${sealed}` : `direct_post${sealed}`,
			ttlMs: subject.expiresInMinutes * 60_000,
		});
		session.vault.transaction(() => {
			session.vault.verifications.setMeta(created.id, { title: subject.title, uri: created.uri });
			record(session, { kind: 'requested', title: `${subject.title}: request made` });
		});
		session.changed('verifications', created.id);
		return verificationView(session, stored(session, created.id));
	},

	'verify.discard': ({ id }, session) => {
		session.reviews.discard(id);
		return {};
	},

	'verify.list': (_input, session) => session.vault.verifications.list({ limit: LISTED }).map((row) => verificationView(session, row)),

	'verify.get': ({ id }, session) => verificationView(session, stored(session, id)),

	'verify.cancel': async ({ id }, session) => {
		const { responseMode } = recordOf(stored(session, id));
		if (!(await verifierFor(session, isQrMode(responseMode) ? 'qr' : 'service').cancel(id)))
			throw new ServiceError('verify/request-over', 'This request is already over.');
		session.changed('verifications', id);
		return verificationView(session, stored(session, id));
	},

	'verify.answer': async ({ text }, session) => {
		const { id } = await offlineVerifier(session).answer(text);
		return verificationView(session, stored(session, id));
	},

	'verify.check': async ({ text, nonce, audience, fresh, delegates }, session) => {
		const trimmed = text.trim();
		if (looksLikeOwnership(trimmed)) {
			const result = await checkOwnership(session, trimmed, { nonce, audience, delegates });
			return verdict(session, result.report, [
				{ queryId: 'token', format: OWNERSHIP_FORMAT, holderThumbprint: null, result: result.report.result, ...result, claims: {} },
			]);
		}
		const { format, raw } = parse(trimmed);
		const presentation = nonce !== undefined && audience !== undefined;
		const result = await verify({
			...(presentation ? { presentation: trimmed } : { credential: raw }),
			format,
			expected: { now: session.clock, requireHolderBinding: presentation, ...(presentation ? { nonce, audience } : {}) },
			keys: session.keys.issuer,
			holderKeys: session.keys.holder,
			trust: trustPolicy(session.vault),
			status: statusPolicy(session, fresh === undefined ? {} : { fresh }),
		});
		return verdict(session, result.report, [
			{
				queryId: 'document',
				format: result.format,
				type: result.type,
				issuer: result.issuer,
				holderThumbprint: result.holderThumbprint ?? null,
				claims: result.claims,
				result: result.report.result,
			},
		]);
	},

	'services.status': (_input, session) => session.servers.status(),
	'services.interfaces': () => interfaces(),
	'services.start': (input, session) => session.servers.start(input),
	'services.stop': ({ kind }, session) => session.servers.stop(kind),
};
