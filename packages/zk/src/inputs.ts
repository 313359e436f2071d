import type { ClaimPath } from '@holdfast/credentials';
import { type OpenedAttestation, openAttestation } from './attestation.ts';
import { type ClaimLeaf, KIND_NUMBERS } from './claims.ts';
import { ZkError } from './errors.ts';
import { decodeField, encodeField } from './field.ts';
import { claimNameHash, typeHash } from './hash.ts';
import { holderCommitment } from './holder.ts';
import { verifyField } from './issuer-key.ts';
import type { MerklePath } from './merkle.ts';
import type { BoundStatement, CircuitId, CircuitInputs, MemberStatement, ProvingCredential, StatementRequest } from './model.ts';
import { treeOf } from './revocation.ts';
import { boundsOf, circuitFor, publicSet, scopeHash } from './statement.ts';

export interface CircuitCall {
	readonly circuit: CircuitId;
	readonly inputs: CircuitInputs;
}

const text = (value: bigint | number): string => BigInt(value).toString();
const texts = (values: readonly (bigint | number)[]): readonly string[] => values.map(text);

/**
 * The inputs of the circuit for this request and these credentials. Everything that the circuit will check is checked here
 * first, so that a person gets a reason: `zk/not-fulfilled`, `zk/revoked`, `zk/expired`, `zk/wrong-holder`, and so on.
 */
export function circuitInputs(request: StatementRequest, credentials: readonly ProvingCredential[], today: number, context: bigint): CircuitCall {
	const circuit = circuitFor(request);
	const wanted = request.statement.kind === 'same-holder' ? 2 : 1;
	if (credentials.length !== wanted) throw new ZkError('zk/bad-value', `This statement is about ${wanted === 1 ? 'one credential' : 'two credentials'}.`);
	const opened = credentials.map((credential, index) => open(credential, request, index, today));
	const common = { today: text(today), context: text(context), scope: text(scopeHash(request.scope)) };
	const [first, second] = credentials;
	const [attested, attestedSecond] = opened;
	if (first === undefined || attested === undefined) throw new ZkError('zk/bad-value', 'There is no credential to prove with.');
	const { statement } = request;

	if (statement.kind === 'same-holder') {
		if (second === undefined || attestedSecond === undefined) throw new ZkError('zk/bad-value', 'This statement is about two credentials.');
		if (first.holder.secret !== second.holder.secret) throw new ZkError('zk/not-fulfilled', 'The two credentials are bound to different secrets.');
		const pair = [attested, attestedSecond];
		return {
			circuit,
			inputs: {
				...common,
				issuers: texts(credentials.flatMap(({ issuerKey }) => [issuerKey.x, issuerKey.y])),
				types: texts(credentials.map(({ attestation }) => typeHash(attestation.type))),
				secret: text(first.holder.secret),
				claimsRoot: texts(pair.map(({ tree }) => tree.root)),
				blinding: texts(credentials.map(({ holder }) => holder.blinding)),
				from: texts(credentials.map(({ attestation }) => attestation.from)),
				until: texts(credentials.map(({ attestation }) => attestation.until)),
				revocationId: texts(credentials.map(({ attestation }) => attestation.rev)),
				R8: texts(pair.flatMap(({ signature }) => [...signature.R8])),
				S: texts(pair.map(({ signature }) => signature.S)),
			},
		};
	}

	const own = {
		...common,
		issuer: texts([first.issuerKey.x, first.issuerKey.y]),
		type: text(typeHash(first.attestation.type)),
		name: text(claimNameHash(statement.claim)),
		secret: text(first.holder.secret),
		blinding: text(first.holder.blinding),
		from: text(first.attestation.from),
		until: text(first.attestation.until),
		revocationId: text(first.attestation.rev),
		R8: texts(attested.signature.R8),
		S: text(attested.signature.S),
	};
	const withLeaf = (leaf: ClaimLeaf, path: MerklePath) => ({
		kind: text(KIND_NUMBERS[leaf.kind]),
		value: text(leaf.value),
		salt: text(leaf.salt),
		bits: texts(path.bits),
		siblings: texts(path.siblings),
	});
	const claim = fulfilling(attested, statement);
	if (statement.kind === 'member') {
		const set = publicSet(statement);
		const path = set.path(claim.value);
		if (path === undefined) throw notFulfilled();
		return {
			circuit,
			inputs: {
				...own,
				...withLeaf(claim, attested.tree.path(attested.tree.leaves.indexOf(claim))),
				set: text(set.root),
				setBits: texts(path.bits),
				setSiblings: texts(path.siblings),
			},
		};
	}
	const { low, high } = boundsOf(statement);
	return {
		circuit,
		inputs: {
			...own,
			...withLeaf(claim, attested.tree.path(attested.tree.leaves.indexOf(claim))),
			low: text(low),
			high: text(high),
			...(request.notRevoked === true ? revocationInputs(first) : {}),
		},
	};
}

const notFulfilled = (): ZkError => new ZkError('zk/not-fulfilled', 'This credential does not fulfil the statement, so no proof of it exists.');

function open(credential: ProvingCredential, request: StatementRequest, index: number, today: number): OpenedAttestation {
	const { attestation } = credential;
	const accepted = request.statement.kind === 'same-holder' ? request.types[index] === attestation.type : request.types.includes(attestation.type);
	if (!accepted) throw new ZkError('zk/wrong-type', 'The verifier asks for another type of credential.');
	if (today < attestation.from) throw new ZkError('zk/not-yet-valid', 'This credential is not valid yet.');
	if (today > attestation.until) throw new ZkError('zk/expired', 'This credential has expired.');
	if (encodeField(holderCommitment(credential.holder)) !== attestation.holder)
		throw new ZkError('zk/wrong-holder', 'This credential is bound to another secret.');
	const opened = openAttestation(attestation, credential.claims);
	if (!verifyField(credential.issuerKey, opened.message, opened.signature)) {
		throw new ZkError('zk/attestation-mismatch', "The issuer's attestation does not fit this credential.");
	}
	return opened;
}

/** The first leaf of the asked name that fulfils the statement. */
function fulfilling(opened: OpenedAttestation, statement: BoundStatement | MemberStatement): ClaimLeaf {
	const name = claimNameHash(statement.claim as ClaimPath);
	const named = opened.tree.leaves.filter((leaf) => leaf.name === name);
	if (named.length === 0) throw new ZkError('zk/no-such-claim', 'The issuer did not attest this claim for statements.');
	const fits = statement.kind === 'bound' ? withinBounds(statement) : withinSet(statement);
	const found = named.find(fits);
	if (found === undefined) throw notFulfilled();
	return found;
}

function withinBounds(statement: BoundStatement): (leaf: ClaimLeaf) => boolean {
	const { kind, low, high } = boundsOf(statement);
	return (leaf) => leaf.kind === kind && leaf.value >= low && leaf.value <= high;
}

function withinSet(statement: MemberStatement): (leaf: ClaimLeaf) => boolean {
	const set = publicSet(statement);
	return (leaf) => leaf.kind === set.kind && set.path(leaf.value) !== undefined;
}

function revocationInputs({ attestation, revocation }: ProvingCredential): CircuitInputs {
	if (attestation.rev === 0) throw new ZkError('zk/not-revocable', 'The issuer cannot revoke this credential, so non-revocation cannot be proven.');
	if (revocation === undefined) throw new ZkError('zk/no-revocation-list', "The issuer's list of revoked credentials is needed first.");
	if (revocation.revoked.includes(attestation.rev)) throw new ZkError('zk/revoked', 'The issuer has revoked this credential.');
	const tree = treeOf(revocation.revoked);
	if (tree.root !== decodeField(revocation.root)) throw new ZkError('zk/revocation-mismatch', 'The list of revoked credentials does not fit its root.');
	return { revocationRoot: text(tree.root), revocationSiblings: texts(tree.path(attestation.rev).siblings) };
}
