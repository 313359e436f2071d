import { base64urlEncode, generateKeyPair, type KeyPair, keyPairFromPrivate, SecretBytes, utf8, utf8Decode } from '@holdfast/crypto';
import type { Clock, Random } from '@holdfast/kernel';
import { oneTimeKeyHash, requestHash, signBinding } from './context.ts';
import { dayOf } from './dates.ts';
import { ZkError } from './errors.ts';
import { proverOf } from './groth16-prover.ts';
import { circuitInputs } from './inputs.ts';
import type { Presentation, ProvenBy, ProveOptions, ProvingCredential, RequestContext, StatementRequest } from './model.ts';
import { presentationText } from './presentation.ts';

export type ProveStatementInput = ProveStatementRequest & ProvenBy;

export interface ProveStatementRequest extends ProveOptions {
	readonly request: StatementRequest;
	/** One; two for `same-holder`, in the order of the request's types. */
	readonly credentials: readonly ProvingCredential[];
	readonly context: RequestContext;
	readonly now: Clock;
}

/** Proves a statement in answer to a request: JSON text to send, about 1.5 kB. Throws `zk/not-fulfilled` and the like before any proof is tried. */
export async function proveStatement(input: ProveStatementInput): Promise<string> {
	checkScope(input.request, input.context);
	const unbound = await prove(input, requestHash(input.context));
	return presentationText({ ...unbound, binding: { kind: 'request' } });
}

/** A proof that waits for its request, with the key that will tie it to one. Use it once, and destroy it. */
export interface PreparedStatement {
	readonly request: StatementRequest;
	/** The day that the proof is dated, YYYYMMDD. */
	readonly day: number;
	readonly presentation: Omit<Presentation, 'binding'>;
	readonly key: KeyPair;
}

export type PrepareStatementInput = PrepareStatementRequest & ProvenBy;

export interface PrepareStatementRequest extends Omit<ProveStatementRequest, 'context'> {
	readonly random: Random;
}

/** Makes a proof before the request is known, tied to a fresh key. The statement, the date and the scope are fixed by it. */
export async function prepareStatement(input: PrepareStatementInput): Promise<PreparedStatement> {
	const key = generateKeyPair('Ed25519', input.random);
	return { request: input.request, day: dayOf(input.now), presentation: await prove(input, oneTimeKeyHash(key.publicKey)), key };
}

/** Ties a prepared proof to a request: one signature. The key is wiped, so that no second request gets the same proof. */
export function presentPrepared(prepared: PreparedStatement, context: RequestContext): string {
	checkScope(prepared.request, context);
	const sig = signBinding(prepared.key, context, prepared.presentation.publicSignals);
	prepared.key.privateKey.wipe();
	return presentationText({ ...prepared.presentation, binding: { kind: 'one-time-key', key: base64urlEncode(prepared.key.publicKey), sig } });
}

const SEED_BYTES = 32;

/** A prepared proof as bytes to keep: the key, then JSON. As secret as the key in it; both are the caller's to wipe. */
export function preparedToBytes({ request, day, presentation, key }: PreparedStatement): SecretBytes {
	const text = utf8(JSON.stringify({ request, day, presentation }));
	const bytes = new Uint8Array(SEED_BYTES + text.length);
	key.privateKey.use((seed) => bytes.set(seed));
	bytes.set(text, SEED_BYTES);
	return SecretBytes.take(bytes);
}

/** Reads what {@link preparedToBytes} wrote: it is the wallet's own, from its own store. */
export const preparedFromBytes = (bytes: SecretBytes): PreparedStatement =>
	bytes.use((all) => {
		const rest = JSON.parse(utf8Decode(all.subarray(SEED_BYTES))) as Omit<PreparedStatement, 'key'>;
		return { ...rest, key: keyPairFromPrivate('Ed25519', all.subarray(0, SEED_BYTES)) };
	});

/** A nullifier for somebody else's scope would let this verifier recognise the holder there. */
function checkScope({ scope }: StatementRequest, { audience }: RequestContext): void {
	if (scope !== undefined && scope.verifier !== audience) throw new ZkError('zk/bad-scope', 'The verifier asks for a mark that belongs to another verifier.');
}

async function prove(input: Omit<ProveStatementRequest, 'context'> & ProvenBy, context: bigint): Promise<Omit<Presentation, 'binding'>> {
	const { credentials, signal, onProgress } = input;
	const prover = proverOf(input);
	const { circuit, inputs } = circuitInputs(input.request, credentials, dayOf(input.now), context);
	const { proof, publicSignals, vkey } = await prover.prove(circuit, inputs, { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) });
	const revocation = input.request.notRevoked === true ? credentials[0]?.revocation : undefined;
	return {
		v: 1,
		engine: prover.system,
		circuit,
		vkey,
		issuers: credentials.map(({ issuer, attestation }) => ({
			iss: issuer,
			...(attestation.kid === undefined ? {} : { kid: attestation.kid }),
			type: attestation.type,
		})),
		publicSignals,
		proof,
		// The list itself stays here: only its signed root is needed.
		...(revocation === undefined ? {} : { revocation: { v: revocation.v, root: revocation.root, at: revocation.at, sig: revocation.sig } }),
	};
}
