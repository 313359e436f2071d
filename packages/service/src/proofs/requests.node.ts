import type { Json, JsonObject } from '@holdfast/kernel';
import type { OfferedConfiguration, OfferReview } from '@holdfast/oid4vc';
import type { Session } from '../session.node.ts';
import { commitmentFor } from './groth16-route.node.ts';
import { ATTESTATION_EXTENSION, BBS_EXTENSION, ISSUER_EXTENSION } from './names.ts';

const member = (value: Json | undefined, name: string): Json | undefined =>
	typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined;

/**
 * Holder: what the key proofs of a receive say for proofs, one for each key. An attestation is asked for with every copy; a
 * blind signature with the first, because its presentations cannot be linked anyway.
 */
export async function proofClaimsFor(
	session: Session,
	offer: OfferReview,
	configuration: OfferedConfiguration,
	kids: readonly string[],
): Promise<JsonObject[]> {
	const attests = ATTESTATION_EXTENSION in configuration.extensions;
	const mark = offer.extensions[ISSUER_EXTENSION];
	const token = typeof mark === 'string' ? member(member(configuration.extensions[BBS_EXTENSION], 'key_tokens'), mark) : undefined;
	const claims = kids.map((kid) => (attests ? commitmentFor(session, kid) : {}));
	const [first] = kids;
	if (first !== undefined && typeof mark === 'string' && typeof token === 'string') {
		const { bbsRequestFor } = await import('./bbs-route.node.ts');
		claims[0] = { ...claims[0], ...(await bbsRequestFor(session, token, mark, first)) };
	}
	return claims;
}
