import type { Jwk, Signer } from '@holdfast/crypto';
import type { JsonObject } from '@holdfast/kernel';
import { numericDate } from '../checks.ts';
import { CredentialError } from '../errors.ts';
import { didOf } from '../holder-key.ts';
import { isObject, member, stringMember } from '../json.ts';
import { decodeJws, headerKid, isJwsAlg, type Jws, signCompact, verifySignature } from '../jws.ts';
import type { IssuerKeyResolver } from '../model.ts';
import { decodeList, encodeList } from './compress.node.ts';
import { STATUS_LIMITS, type StatusList } from './list.ts';

// Status List Token as JWT (draft-ietf-oauth-status-list §5.1, §8.3). The CWT form is not read.

/** Media type of a status list token, and what `Accept` asks for (§8.1). */
export const STATUS_LIST_TYPE = 'application/statuslist+jwt';
const TYP = 'statuslist+jwt';

export interface SignStatusListInput {
	readonly list: StatusList;
	/** Where the list is published; credentials name it as `uri`. */
	readonly uri: string;
	readonly signer: Signer;
	/** Seconds since the epoch. */
	readonly issuedAt: number;
	/** Seconds since the epoch, after which nobody may use it. */
	readonly expiresAt?: number;
	/** Seconds for which it may be kept before it is fetched again. */
	readonly ttl?: number;
}

/** Signs a status list token. */
export function signStatusList({ list, uri, signer, issuedAt, expiresAt, ttl }: SignStatusListInput): Promise<string> {
	return signCompact(
		{ alg: signer.alg, ...(signer.kid === undefined ? {} : { kid: signer.kid }), typ: TYP },
		{
			...(expiresAt === undefined ? {} : { exp: expiresAt }),
			iat: issuedAt,
			status_list: { bits: list.bits, lst: encodeList(list) },
			sub: uri,
			...(ttl === undefined ? {} : { ttl }),
		},
		signer,
	);
}

/** A status list token that was read. Its signature is for {@link verifyStatusList}. */
export interface StatusListToken {
	readonly jws: Jws;
	readonly uri: string;
	readonly issuedAt: number;
	readonly expiresAt?: number;
	readonly ttl?: number;
	/** `iss`, where the token has one. */
	readonly issuer?: string;
	/** Unpacks the list. Throws `status/malformed`, `status/too-large`. */
	list(): StatusList;
}

const malformed = (message: string): CredentialError => new CredentialError('status/malformed', message);

/** @throws CredentialError `status/malformed`, `status/too-large`, `status/wrong-typ` */
export function parseStatusList(token: string): StatusListToken {
	if (token.length > STATUS_LIMITS.token) throw new CredentialError('status/too-large', 'The status list is larger than Holdfast reads.');
	let jws: Jws;
	try {
		jws = decodeJws(token.trim(), 'The status list');
	} catch (cause) {
		throw new CredentialError('status/malformed', 'What was found where the status list should be is not one.', { cause });
	}
	const { header, payload } = jws;
	if (
		stringMember(header, 'typ')
			?.toLowerCase()
			.replace(/^application\//, '') !== TYP
	)
		throw new CredentialError('status/wrong-typ', 'What was found where the status list should be was made for something else.');
	if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) throw malformed('The status list demands an extension that Holdfast does not know.');
	const uri = stringMember(payload, 'sub');
	const issuedAt = numericDate(member(payload, 'iat'));
	if (uri === undefined || issuedAt === undefined) throw malformed('The status list does not say which one it is, or when it was made.');
	const expiresAt = timeOr(payload, 'exp');
	const ttl = member(payload, 'ttl');
	if (ttl !== undefined && (typeof ttl !== 'number' || !(ttl > 0))) throw malformed('The status list has no sensible time to live.');
	const statusList = member(payload, 'status_list');
	if (!isObject(statusList)) throw malformed('The token holds no status list.');
	const issuer = stringMember(payload, 'iss');
	return {
		jws,
		uri,
		issuedAt,
		...(expiresAt === undefined ? {} : { expiresAt }),
		...(ttl === undefined ? {} : { ttl: Math.min(ttl, STATUS_LIMITS.ttl) }),
		...(issuer === undefined ? {} : { issuer }),
		list: () => decodeList(member(statusList, 'bits'), member(statusList, 'lst')),
	};
}

function timeOr(payload: JsonObject, name: string): number | undefined {
	const value = member(payload, name);
	const time = numericDate(value);
	if (value !== undefined && time === undefined) throw malformed('The status list holds something that is not a time.');
	return time;
}

export interface VerifyStatusListInput {
	readonly token: StatusListToken;
	/** The address that the credential names. */
	readonly uri: string;
	/** Who issued the credential: nobody else's list is taken. */
	readonly issuer: string;
	readonly keys: IssuerKeyResolver;
	/** Seconds since the epoch. */
	readonly now: number;
	readonly clockSkewSec: number;
}

/**
 * The checks of §8.3: the list at this address, by this issuer, not expired. Returns the key that it was signed with.
 *
 * @throws CredentialError `status/wrong-list`, `status/expired`, `status/not-yet-valid`, `status/wrong-signer`, `status/tampered`; what `keys` throws
 */
export async function verifyStatusList({ token, uri, issuer, keys, now, clockSkewSec }: VerifyStatusListInput): Promise<Jwk> {
	const { jws } = token;
	if (token.uri !== uri) throw new CredentialError('status/wrong-list', 'The status list that was found there is another one.');
	if (token.expiresAt !== undefined && token.expiresAt + clockSkewSec <= now) throw new CredentialError('status/expired', 'The status list has expired.');
	if (token.issuedAt > now + clockSkewSec) throw new CredentialError('status/not-yet-valid', 'The status list claims to be made in the future.');
	const alg = member(jws.header, 'alg');
	if (!isJwsAlg(alg)) throw new CredentialError('status/tampered', 'The status list is signed in a way that Holdfast does not accept.');
	const kid = headerKid(jws.header);
	const foreign = (token.issuer !== undefined && token.issuer !== issuer) || (kid?.startsWith('did:') && didOf(kid) !== issuer);
	if (foreign) throw new CredentialError('status/wrong-signer', 'The status list is signed by somebody else than the issuer.');
	const key = await keys.resolve({ issuer, header: jws.header, alg, format: 'dc+sd-jwt', ...(kid === undefined ? {} : { kid }) });
	if (!verifySignature(jws, alg, key.jwk)) throw new CredentialError('status/tampered', "The issuer's signature under the status list does not fit.");
	return key.jwk;
}
