import type { Signer } from '@holdfast/crypto';
import type { JsonObject } from '@holdfast/kernel';
import { contentEncryptions } from '../shared/encryption.ts';
import { jwsAlgs, signJwt } from '../shared/jose.ts';
import type { CreateRequestInput, VerificationRecord } from './types.ts';

/** `vp_formats_supported` (OpenID4VP 1.0 §11.1, Appendix B): what Holdfast verifies. */
const vpFormatsSupported: JsonObject = {
	'dc+sd-jwt': { 'sd-jwt_alg_values': [...jwsAlgs], 'kb-jwt_alg_values': [...jwsAlgs] },
	jwt_vc_json: { alg_values: [...jwsAlgs] },
};

export function clientMetadata(input: CreateRequestInput, encryptionJwk: JsonObject | null): JsonObject {
	return {
		vp_formats_supported: vpFormatsSupported,
		...(input.clientName ? { client_name: input.clientName } : {}),
		...(input.logoUri ? { logo_uri: input.logoUri } : {}),
		...(input.purpose ? { purpose: input.purpose } : {}),
		...(encryptionJwk ? { jwks: { keys: [encryptionJwk] }, encrypted_response_enc_values_supported: [...contentEncryptions] } : {}),
	};
}

/** Signs the request object (OpenID4VP 1.0 §5, RFC 9101). */
export function signRequest(record: Pick<VerificationRecord, 'request' | 'createdAt' | 'expiresAt'>, signer: Signer, walletNonce?: string): Promise<string> {
	const header: JsonObject = { typ: 'oauth-authz-req+jwt', ...(signer.kid === undefined ? {} : { kid: signer.kid }) };
	return signJwt(signer, header, {
		...record.request,
		// Static discovery (§5.8): the wallet is whoever reads the code.
		aud: 'https://self-issued.me/v2',
		iat: Math.floor(record.createdAt / 1000),
		exp: Math.ceil(record.expiresAt / 1000),
		...(walletNonce === undefined ? {} : { wallet_nonce: walletNonce }),
	});
}
