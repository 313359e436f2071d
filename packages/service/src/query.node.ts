import type { CallInput } from '@holdfast/contract';
import type { JsonObject } from '@holdfast/kernel';
import { didClientId } from '@holdfast/oid4vc';
import type { Vault } from '@holdfast/vault';
import { ownershipQuery } from './assets/ownership-query.ts';
import { ServiceError } from './errors.ts';
import { presets } from './presets.ts';
import type { ProofSystem } from './proofs/names.ts';
import { credentialType } from './types.node.ts';

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
		...(once && verifierDid !== null ? { scope: { verifier: didClientId(verifierDid), purpose: once.purpose } } : {}),
	});
	if (query === null) throw new ServiceError('verify/no-proof-system', 'This installation cannot check such proofs: it has no keys for them that it accepts.');
	return query;
}

/** The DCQL query (OpenID4VP 1.0 §6) of what is asked for, as it is on `today` (YYYYMMDD), with proofs by one of `systems`. */
export function queryFor(
	vault: Vault,
	{ request, verifierDid }: Pick<CallInput<'verify.prepare'>, 'request' | 'verifierDid'>,
	today: number,
	systems: readonly ProofSystem[],
): JsonObject {
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
