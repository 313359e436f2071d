import type { CircuitId } from './model.ts';

/** The circuits' public signals in order, outputs first: what `publicSignals[i]` is. manifest.json must say the same. */
export const PUBLIC_SIGNALS: { readonly [circuit in CircuitId]: readonly string[] } = {
	bound: ['nullifier', 'issuer[0]', 'issuer[1]', 'type', 'name', 'kind', 'low', 'high', 'today', 'context', 'scope'],
	'bound-revocable': ['nullifier', 'issuer[0]', 'issuer[1]', 'type', 'name', 'kind', 'low', 'high', 'today', 'context', 'scope', 'revocationRoot'],
	member: ['nullifier', 'issuer[0]', 'issuer[1]', 'type', 'name', 'kind', 'set', 'today', 'context', 'scope'],
	'same-holder': ['nullifier', 'issuers[0][0]', 'issuers[0][1]', 'issuers[1][0]', 'issuers[1][1]', 'types[0]', 'types[1]', 'today', 'context', 'scope'],
};

export const CIRCUIT_IDS = Object.keys(PUBLIC_SIGNALS) as readonly CircuitId[];

export const isCircuitId = (value: unknown): value is CircuitId => typeof value === 'string' && Object.hasOwn(PUBLIC_SIGNALS, value);
