import type { JsonObject } from '@holdfast/kernel';
import { jwsAlgs } from '../shared/jose.ts';
import { join } from '../shared/url.ts';
import type { CredentialConfiguration, IssuerConfig } from './types.ts';

/** What a configuration binds to and accepts, with its defaults. */
export const bindingMethods = (configuration: CredentialConfiguration): readonly string[] => configuration.bindingMethods ?? ['jwk'];
export const proofAlgs = (configuration: CredentialConfiguration): readonly string[] => configuration.proofAlgs ?? jwsAlgs;

function configurationObject(configuration: CredentialConfiguration): JsonObject {
	return {
		...configuration.extensions,
		format: configuration.format,
		...(configuration.format === 'dc+sd-jwt' ? { vct: configuration.vct ?? '' } : { credential_definition: { type: [...(configuration.types ?? [])] } }),
		scope: configuration.id,
		cryptographic_binding_methods_supported: [...bindingMethods(configuration)],
		credential_signing_alg_values_supported: [...configuration.signingAlgs],
		proof_types_supported: { jwt: { proof_signing_alg_values_supported: [...proofAlgs(configuration)] } },
		credential_metadata: {
			...(configuration.display ? { display: configuration.display as unknown as JsonObject[] } : {}),
			...(configuration.claims ? { claims: configuration.claims as unknown as JsonObject[] } : {}),
		},
	};
}

/** Credential Issuer Metadata (OpenID4VCI 1.0 §12.2.4). */
export function issuerMetadata(config: IssuerConfig): JsonObject {
	const batchSize = config.batchSize ?? 1;
	return {
		credential_issuer: config.issuerUrl,
		credential_endpoint: join(config.issuerUrl, 'credential'),
		nonce_endpoint: join(config.issuerUrl, 'nonce'),
		// batch_size has to be 2 or more; without the object there is no batch.
		...(batchSize > 1 ? { batch_credential_issuance: { batch_size: batchSize } } : {}),
		...(config.display ? { display: config.display as unknown as JsonObject[] } : {}),
		credential_configurations_supported: Object.fromEntries(config.configurations().map((each) => [each.id, configurationObject(each)])),
	};
}

/** Authorization Server Metadata (RFC 8414 §2, OpenID4VCI 1.0 §12.3): the issuer is its own authorization server. */
export function authorizationServerMetadata(config: IssuerConfig): JsonObject {
	return {
		issuer: config.issuerUrl,
		token_endpoint: join(config.issuerUrl, 'token'),
		response_types_supported: [],
		grant_types_supported: ['urn:ietf:params:oauth:grant-type:pre-authorized_code'],
		token_endpoint_auth_methods_supported: ['none'],
		'pre-authorized_grant_anonymous_access_supported': true,
	};
}
