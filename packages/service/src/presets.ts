import type { JsonObject } from '@holdfast/kernel';
import { overAge } from '@holdfast/zk';
import { GROTH16, type ProofSystem } from './proofs/names.ts';
import { proofQuery } from './proofs/statement-query.ts';

export interface Preset {
	readonly id: string;
	readonly title: string;
	/** The DCQL query (OpenID4VP 1.0 §6) as it is asked on `today` (YYYYMMDD), for proofs by one of `systems`. */
	dcql(today: number, systems: readonly ProofSystem[]): JsonObject;
	/** The same so that revoked documents are refused, by a list of at most this age in seconds. Only where there is a proof for it. */
	notRevoked?(today: number, maxAgeSec: number): JsonObject;
}

const PID = 'urn:eudi:pid:1';
const PID_W3C = 'PersonIdentificationData';
const DIPLOMA = 'urn:holdfast:university-diploma:1';

const names = [{ path: ['given_name'] }, { path: ['family_name'] }];
const identity = (claims: readonly JsonObject[]): JsonObject => ({ id: 'identity', format: 'dc+sd-jwt', meta: { vct_values: [PID] }, claims });
const diploma = (claims: readonly JsonObject[]): JsonObject => ({ id: 'diploma', format: 'dc+sd-jwt', meta: { vct_values: [DIPLOMA] }, claims });

/**
 * "Over N": a proof without the birth date where the wallet can make one. A wallet that does not know such proofs, or a document
 * that has none, answers the second option, an ordinary credential query: the age flag where there is one, else the birth date.
 */
const over = (years: number): Preset => ({
	id: `over-${years}`,
	title: `Over ${years}`,
	dcql: (today, systems) => ({
		credentials: [
			proofQuery('age_proof', PID, { statement: overAge(years, today), types: [PID, PID_W3C] }, systems),
			{
				id: 'age_claim',
				format: 'dc+sd-jwt',
				meta: { vct_values: [PID] },
				claims: [
					{ id: 'flag', path: ['age_equal_or_over', String(years)], values: [true] },
					{ id: 'birthdate', path: ['birthdate'] },
				],
				claim_sets: [['flag'], ['birthdate']],
			},
		],
		credential_sets: [{ options: [['age_proof'], ['age_claim']] }],
	}),
	// No second option: whoever cannot prove it would take the one that does not look.
	notRevoked: (today, maxRevocationAgeSec) => ({
		credentials: [proofQuery('age_proof', PID, { statement: overAge(years, today), types: [PID, PID_W3C], notRevoked: true, maxRevocationAgeSec }, [GROTH16])],
	}),
});

/** Requests that are asked often, each for the least that answers the question. */
export const presets: readonly Preset[] = [
	over(18),
	over(21),
	{ id: 'name-and-nationality', title: 'Name and nationality', dcql: () => ({ credentials: [identity([...names, { path: ['nationalities'] }])] }) },
	{ id: 'name', title: 'Name', dcql: () => ({ credentials: [identity(names)] }) },
	{ id: 'home-address', title: 'Name and address', dcql: () => ({ credentials: [identity([...names, { path: ['address'] }])] }) },
	{ id: 'degree', title: 'University degree', dcql: () => ({ credentials: [diploma([...names, { path: ['degree'] }])] }) },
];
