export { createIssuer } from './issuer/issuer.ts';
export type * from './issuer/types.ts';
export {
	acceptedTypes,
	type DcqlClaimsQuery,
	type DcqlCredentialQuery,
	type DcqlQuery,
	describeDcql,
	isCarried,
	OWNERSHIP_FORMAT,
	PROOF_FORMAT,
	parseDcql,
	pathInWords,
	type QueryWords,
	queryTitle,
	typeInWords,
	unsupportedFormat,
} from './shared/dcql.ts';
export { Oid4vciError, Oid4vpError } from './shared/errors.ts';
export { decodeJwt, isJwsAlg, signJwt, verifyJwt } from './shared/jose.ts';
export { isQrMode, type QrResponseMode } from './shared/qr-mode.ts';
export { type Served, type ServeOptions, serve } from './shared/serve.node.ts';
export type * from './shared/types.ts';
export { readUrl } from './shared/url.ts';
export type * from './verifier/types.ts';
export { createVerifier, didClientId } from './verifier/verifier.ts';
export { match } from './wallet-present/match.ts';
export { readRequest } from './wallet-present/request.ts';
export { answerByQr, buildPresentations, refuse, respond } from './wallet-present/respond.ts';
export type * from './wallet-present/types.ts';
export { readOffer } from './wallet-receive/offer.ts';
export { redeem, requestCredentials, requestToken } from './wallet-receive/redeem.ts';
export type * from './wallet-receive/types.ts';
