import { ZkError } from './errors.ts';
import { readBytes, readDecimal } from './field.ts';
import { hasOnly, isRecord, isText, readJson } from './json.ts';
import type { Presentation, ProofSystemId } from './model.ts';
import { isCircuitId, PUBLIC_SIGNALS } from './public-signals.ts';
import { readRevocationRoot } from './revocation.ts';

/** Characters of a presentation without its proof; a real one has about 1,200. */
const MAX_BESIDE_PROOF = 16_000;

/** Bytes of a proof. */
const PROOF_BYTES: { readonly [system in ProofSystemId]: number } = { 'groth16-bn254': 256, 'ultrahonk-bn254': 14_656 };
const isProofSystem = (value: unknown): value is ProofSystemId => typeof value === 'string' && Object.hasOwn(PROOF_BYTES, value);

const MAX_PRESENTATION = MAX_BESIDE_PROOF + Math.ceil((Math.max(...Object.values(PROOF_BYTES)) * 4) / 3);

const malformed = (): ZkError => new ZkError('zk/malformed', 'This proof cannot be read.');

export const presentationText = (presentation: Presentation): string => JSON.stringify(presentation);

/** Reads a presentation, strictly: known members only, numbers in range and in their one spelling. Checks no proof. Throws `zk/malformed`, `zk/too-large`, `zk/unknown-circuit`, `zk/public-signals`. */
export function readPresentation(text: unknown): Presentation {
	const json = readJson(text, 'proof', MAX_PRESENTATION);
	if (!isRecord(json) || !hasOnly(json, ['v', 'engine', 'circuit', 'vkey', 'binding', 'issuers', 'publicSignals', 'proof'], ['revocation'])) throw malformed();
	const { v, engine, circuit, vkey, issuers, publicSignals, proof, revocation } = json;
	if (v !== 1 || !isProofSystem(engine)) throw new ZkError('zk/unknown-circuit', 'This proof is of a kind that this version does not know.');
	if (!isCircuitId(circuit)) throw new ZkError('zk/unknown-circuit', 'This proof is of a kind that this version does not know.');
	if (typeof vkey !== 'string' || !/^[0-9a-f]{64}$/.test(vkey) || readBytes(proof, PROOF_BYTES[engine]) === undefined) throw malformed();
	if (!Array.isArray(issuers) || issuers.length !== (circuit === 'same-holder' ? 2 : 1)) throw malformed();
	if (
		!Array.isArray(publicSignals) ||
		publicSignals.length !== PUBLIC_SIGNALS[circuit].length ||
		!publicSignals.every((each) => readDecimal(each) !== undefined)
	) {
		throw new ZkError('zk/public-signals', 'The public values of this proof are not what they must be: their number, or one of them is out of range.');
	}
	return {
		v,
		engine,
		circuit,
		vkey,
		binding: readBinding(json.binding),
		issuers: issuers.map(readIssuer),
		publicSignals: [...publicSignals],
		proof: proof as string,
		...(revocation === undefined ? {} : { revocation: readRevocationRoot(revocation) }),
	};
}

function readBinding(json: unknown): Presentation['binding'] {
	if (isRecord(json) && json.kind === 'request' && hasOnly(json, ['kind'])) return { kind: 'request' };
	if (isRecord(json) && json.kind === 'one-time-key' && hasOnly(json, ['kind', 'key', 'sig'])) {
		const { key, sig } = json;
		if (readBytes(key, 32) !== undefined && readBytes(sig, 64) !== undefined) return { kind: 'one-time-key', key: key as string, sig: sig as string };
	}
	throw malformed();
}

function readIssuer(json: unknown): Presentation['issuers'][number] {
	if (!isRecord(json) || !hasOnly(json, ['iss', 'type'], ['kid'])) throw malformed();
	const { iss, kid, type } = json;
	if (!isText(iss, 2048) || !isText(type, 2048) || (kid !== undefined && !isText(kid, 2048))) throw malformed();
	return { iss, type, ...(kid === undefined ? {} : { kid }) };
}
