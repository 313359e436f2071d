import * as library from '@docknetwork/crypto-wasm';
import { sha256 } from '@holdfast/crypto';
import { scalarToBytes } from './ciphersuite.ts';
import { claimScalar, headerBytes } from './claims.ts';
import { frame } from './compact.ts';
import { domainOf } from './credential.ts';
import { type Engine, FIRST_CLAIM } from './engine.ts';
import { BbsError } from './errors.ts';
import type { StatementKind } from './layout.ts';
import type { Presentation } from './presentation.ts';
import { type BbsRequest, pseudonymBase, rangeOf, requestHash, validityRange } from './request.ts';

/** Places of the messages (credential.ts). */
const LINK = 1;
const EXPIRES = 3;

/**
 * The statement of a presentation, built from the request and from what is shown, in the same way by holder
 * and verifier:
 *
 * "I know a BBS signature of this issuer's key over this header, over the claims that I show, and over
 * others; its last day is not before the day that I name; these claims lie in the ranges that you named;
 * and the holder's secret in it, times the base for you and your purpose, is this pseudonym."
 *
 * The challenge covers the request, the header, the key, and all that is shown.
 */
export interface Statement {
	readonly statements: Uint8Array[];
	readonly equalities: Uint8Array[];
	readonly setup: Uint8Array[];
	readonly context: Uint8Array;
	readonly kinds: readonly StatementKind[];
	/** Places of the messages that stay hidden. */
	readonly hidden: readonly number[];
	/** The places that the statements after the first speak of, in their order. */
	readonly places: readonly number[];
}

type Shown = Omit<Presentation, 'proof'>;

export function buildStatement(engine: Engine, role: 'holder' | 'verifier', request: BbsRequest, shown: Shown, publicKey: Uint8Array): Statement {
	const params = engine.params(shown.schema.length);
	const placeOf = (name: string): number => {
		const at = shown.schema.findIndex((claim) => claim.name === name);
		if (at < 0) throw new BbsError('bbs/claim-missing', 'This credential does not have what was asked for.');
		return FIRST_CLAIM + at;
	};
	const revealed = new Map<number, Uint8Array>([[0, scalarToBytes(domainOf(params, publicKey, shown))]]);
	for (const { name, value } of shown.disclosed) {
		const place = placeOf(name);
		revealed.set(place, scalarToBytes(claimScalar(shown.schema[place - FIRST_CLAIM]?.kind ?? 'text', value)));
	}
	const hidden = params.h.map((_, place) => place).filter((place) => !revealed.has(place));

	const ranges = [{ place: EXPIRES, ...validityRange(shown.day) }, ...request.bounds.map((bound) => ({ place: placeOf(bound.claim), ...rangeOf(bound) }))];
	const base = pseudonymBase(request);
	const statements = [
		// "New" is the library's name for the proof protocol of the current draft: smaller than the one before.
		role === 'holder'
			? library.generatePoKBBSSignatureProverStatementNew(params, revealed, false)
			: library.generatePoKBBSSignatureVerifierStatementNew(params, publicKey, revealed, false),
		// The library's upper end is not included.
		...ranges.map(({ min, max }) => library.generateBoundCheckBppStatementFromParamRefs(min, max + 1, 0)),
	];
	const places = ranges.map(({ place }) => place);
	const kinds: StatementKind[] = ranges.map(() => 'bound');
	if (base && shown.pseudonym) {
		statements.push(library.generatePedersenCommitmentG1Statement([base], shown.pseudonym));
		places.push(LINK);
		kinds.push('pseudonym');
	}
	return {
		statements,
		equalities: places.map((place, at) =>
			library.generateWitnessEqualityMetaStatement(
				new Set([
					[0, place],
					[at + 1, 0],
				] as [number, number][]),
			),
		),
		setup: [engine.boundSetup()],
		context: sha256(
			frame(
				'holdfast-bbs-presentation/1',
				requestHash(request),
				publicKey,
				headerBytes(shown),
				frame(...[...revealed].flatMap(([place, scalar]) => [Uint8Array.of(place), scalar])),
				frame(...ranges.map(({ place, min, max }) => frame(String(place), String(min), String(max)))),
				base ?? new Uint8Array(),
				shown.pseudonym ?? new Uint8Array(),
			),
		),
		kinds,
		hidden,
		places,
	};
}
