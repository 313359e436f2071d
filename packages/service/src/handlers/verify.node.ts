import type { CallInput } from '@holdfast/contract';
import { parse, verify } from '@holdfast/credentials';
import type { JsonObject } from '@holdfast/kernel';
import { describeDcql, OWNERSHIP_FORMAT, parseDcql } from '@holdfast/oid4vc';
import type { Vault, VerificationRow } from '@holdfast/vault';
import { dayOf } from '@holdfast/zk';
import { record } from '../activity.node.ts';
import { ownershipQuery } from '../assets/ownership-query.ts';
import { checkOwnership, looksLikeOwnership } from '../assets/verify.node.ts';
import { ServiceError } from '../errors.ts';
import { trustPolicy } from '../parties.node.ts';
import { presets } from '../presets.ts';
import { PROOF_SYSTEMS, type ProofSystem } from '../proofs/names.ts';
import { queryWords } from '../proofs/words.node.ts';
import { interfaces } from '../servers.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';
import { statusPolicy } from '../statuses.node.ts';
import { credentialType } from '../types.node.ts';
import { verdict, verificationView } from '../verifier.node.ts';

const LISTED = 200;

export interface VerifySubject {
	readonly title: string;
	readonly purpose: string | null;
	readonly dcql: JsonObject;
	readonly verifierDid: string | null;
	readonly encrypted: boolean;
	readonly expiresInMinutes: number;
}

/** DIDs by which a verifier is known to wallets (OpenID4VP 1.0 §5.9). */
const clientIdOf = (did: string): string => `decentralized_identifier:${did}`;

function presetQuery(
	{ presetId, notRevoked, once }: Extract<CallInput<'verify.prepare'>['request'], { kind: 'preset' }>,
	verifierDid: string | null,
	today: number,
	systems: readonly ProofSystem[],
): JsonObject {
	const preset = presets.find((each) => each.id === presetId);
	if (!preset) throw new ServiceError('verify/unknown-preset', 'There is no such request.', { known: presets.map((each) => each.id) });
	if (notRevoked && !preset.can.refuseRevoked)
		throw new ServiceError('verify/not-about-revocation', 'This request cannot be asked so that revoked documents are refused.', {
			can: presets.filter((each) => each.can.refuseRevoked).map((each) => each.id),
		});
	if (once && !preset.can.askOnce)
		throw new ServiceError('verify/not-once', 'This request cannot be asked so that each holder counts once.', {
			can: presets.filter((each) => each.can.askOnce).map((each) => each.id),
		});
	// A mark belongs to whoever asks; an address is another one for each request.
	if (once && verifierDid === null)
		throw new ServiceError('verify/once-needs-identity', 'Ask with one of your identities: holders are known again by it, and by nobody else.');
	const query = preset.dcql({
		today,
		systems,
		...(notRevoked ? { maxRevocationAgeSec: notRevoked.maxAgeSec } : {}),
		...(once && verifierDid !== null ? { scope: { verifier: clientIdOf(verifierDid), purpose: once.purpose } } : {}),
	});
	if (query === null) throw new ServiceError('verify/no-proof-system', 'This installation cannot check such proofs: it has no keys for them that it accepts.');
	return query;
}

function queryFor(vault: Vault, { request, verifierDid }: CallInput<'verify.prepare'>, today: number, systems: readonly ProofSystem[]): JsonObject {
	if (request.kind === 'dcql') return request.dcql as JsonObject;
	if (request.kind === 'preset') return presetQuery(request, verifierDid, today, systems);
	if (request.kind === 'ownership') return { credentials: [ownershipQuery('token', request)] };
	const type = credentialType(vault, request.typeId);
	const sdJwt = request.format === 'dc+sd-jwt';
	return {
		credentials: [
			{
				id: 'document',
				format: request.format,
				meta: sdJwt ? { vct_values: [type.vct] } : { type_values: [['VerifiableCredential', type.type]] },
				// In a W3C credential the claims stand below credentialSubject (OpenID4VP 1.0 Appendix B.1).
				claims: request.paths.map((path) => ({ path: sdJwt ? path : ['credentialSubject', ...path] })),
			},
		],
	};
}

function stored(session: Session, id: string): VerificationRow {
	const row = session.vault.verifications.get(id);
	if (!row) throw new ServiceError('verify/no-such-request', 'This request is not in the wallet.');
	return row;
}

export const verifyHandlers: Handlers<
	| 'verify.presets'
	| 'verify.prepare'
	| 'verify.approve'
	| 'verify.discard'
	| 'verify.list'
	| 'verify.get'
	| 'verify.cancel'
	| 'verify.check'
	| 'services.status'
	| 'services.interfaces'
	| 'services.start'
	| 'services.stop'
> = {
	'verify.presets': (_input, session) => {
		const today = dayOf(session.clock);
		return presets.map(({ id, title, can, dcql }) => ({
			id,
			title,
			asks: describeDcql(parseDcql(dcql({ today, systems: PROOF_SYSTEMS })), queryWords(session, today)),
			can,
		}));
	},

	'verify.prepare': async (input, session) => {
		const dcql = parseDcql(queryFor(session.vault, input, dayOf(session.clock), await session.proofs.systems())) as unknown as JsonObject;
		if (input.verifierDid !== null) await session.agent.didSigner(input.verifierDid, { relationship: 'authentication' });
		session.servers.verifier();
		const id = session.reviews.open('verify', {
			title: input.title,
			purpose: input.purpose ?? null,
			dcql,
			verifierDid: input.verifierDid,
			encrypted: input.encrypted,
			expiresInMinutes: input.expiresInMinutes,
		});
		return {
			id,
			asks: describeDcql(parseDcql(dcql), queryWords(session, dayOf(session.clock))),
			identifiedAs: input.verifierDid ?? 'The address of this service, unsigned',
			dcql: dcql as Record<string, never>,
			warnings: input.verifierDid === null ? ['Nobody vouches for this request: wallets will warn their holders.'] : [],
		};
	},

	'verify.approve': async ({ id }, session) => {
		const subject = session.reviews.take('verify', id);
		const { verifierDid } = subject;
		const clientId =
			verifierDid === null
				? ({ scheme: 'redirect_uri' } as const)
				: ({
						scheme: 'decentralized_identifier',
						did: verifierDid,
						signer: await session.agent.didSigner(verifierDid, { relationship: 'authentication' }),
					} as const);
		const alias = verifierDid === null ? null : (session.vault.dids.get(verifierDid)?.alias ?? null);
		const created = await session.servers.verifier().createRequest({
			dcql: subject.dcql,
			...(subject.purpose === null ? {} : { purpose: subject.purpose }),
			...(alias ? { clientName: alias } : {}),
			clientId,
			responseMode: subject.encrypted ? 'direct_post.jwt' : 'direct_post',
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
		stored(session, id);
		if (!(await session.servers.verifier().cancel(id))) throw new ServiceError('verify/request-over', 'This request is already over.');
		session.changed('verifications', id);
		return verificationView(session, stored(session, id));
	},

	'verify.check': async ({ text, nonce, audience, fresh }, session) => {
		const trimmed = text.trim();
		if (looksLikeOwnership(trimmed)) {
			const result = await checkOwnership(session, trimmed, { nonce, audience });
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
