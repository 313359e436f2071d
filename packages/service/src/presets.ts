import type { JsonObject } from '@holdfast/kernel';
import { type NullifierScope, overAge, type Statement, type StatementRequest } from '@holdfast/zk';
import type { ProofSystem } from './proofs/names.ts';
import { EU_COUNTRIES } from './proofs/sets.ts';
import { canProve, proofQuery } from './proofs/statement-query.ts';

/** How a preset is asked. */
export interface Asking {
	/** Today in UTC, YYYYMMDD. */
	readonly today: number;
	/** What this installation can check. */
	readonly systems: readonly ProofSystem[];
	/** Refuse revoked documents, by a list of at most this age. */
	readonly maxRevocationAgeSec?: number;
	/** Accept each holder once in this scope. */
	readonly scope?: NullifierScope;
}

export interface Preset {
	readonly id: string;
	readonly title: string;
	/** What is asked, in a sentence or two, for whoever chooses among presets. The review has the query in words. */
	readonly summary: string;
	/** What it can be asked with. */
	readonly can: { readonly refuseRevoked: boolean; readonly askOnce: boolean };
	/** The DCQL query (OpenID4VP 1.0 §6). Null where none of the systems can prove it and nothing may stand in its place. */
	dcql(asking: Asking): JsonObject | null;
}

const PID = 'urn:eudi:pid:1';
const PID_W3C = 'PersonIdentificationData';
const DIPLOMA = 'urn:holdfast:university-diploma:1';

const names = [{ path: ['given_name'] }, { path: ['family_name'] }];
const identity = (claims: readonly JsonObject[]): JsonObject => ({ id: 'identity', format: 'dc+sd-jwt', meta: { vct_values: [PID] }, claims });
const diploma = (claims: readonly JsonObject[]): JsonObject => ({ id: 'diploma', format: 'dc+sd-jwt', meta: { vct_values: [DIPLOMA] }, claims });

interface ProofPreset {
	readonly id: string;
	readonly title: string;
	readonly summary: string;
	/** Names the two queries: `age` makes `age_proof` and `age_claim`. */
	readonly name: string;
	readonly statement: (today: number) => Statement;
	/** The ordinary query that tells the least more. */
	readonly instead: JsonObject;
}

/**
 * A proof without the claim where the wallet can make one. A wallet that does not know such proofs, or a document that has none,
 * answers the second option, an ordinary credential query. Where revoked documents are refused, or each holder counts once, there is no
 * second option: whoever cannot prove it would take the one that does not look.
 */
const proof = ({ id, title, summary, name, statement, instead }: ProofPreset): Preset => ({
	id,
	title,
	summary,
	can: { refuseRevoked: statement(DAY).kind === 'bound', askOnce: true },
	dcql: ({ today, systems, maxRevocationAgeSec, scope }) => {
		const request: StatementRequest = {
			statement: statement(today),
			types: [PID, PID_W3C],
			...(maxRevocationAgeSec === undefined ? {} : { notRevoked: true, maxRevocationAgeSec }),
			...(scope === undefined ? {} : { scope }),
		};
		const able = systems.filter((system) => canProve(system, request));
		const proven = proofQuery(`${name}_proof`, PID, request, able);
		const ordinary = { id: `${name}_claim`, format: 'dc+sd-jwt', meta: { vct_values: [PID] }, ...instead };
		if (maxRevocationAgeSec !== undefined || scope !== undefined) return able.length === 0 ? null : { credentials: [proven] };
		if (able.length === 0) return { credentials: [ordinary] };
		return { credentials: [proven, ordinary], credential_sets: [{ options: [[`${name}_proof`], [`${name}_claim`]] }] };
	},
});

/** Any day: the kind of a statement does not depend on it. */
const DAY = 2026_01_01;

const over = (years: number): Preset =>
	proof({
		id: `over-${years}`,
		title: `Over ${years}`,
		summary: `A proof that they are over ${years}, and nothing else. Whose document can’t prove it may show that it says so, or a birth date.`,
		name: 'age',
		statement: (today) => overAge(years, today),
		// The age flag where there is one, else the birth date.
		instead: {
			claims: [
				{ id: 'flag', path: ['age_equal_or_over', String(years)], values: [true] },
				{ id: 'birthdate', path: ['birthdate'] },
			],
			claim_sets: [['flag'], ['birthdate']],
		},
	});

const euCitizen = proof({
	id: 'citizen-eu',
	title: 'Citizen of the EU',
	summary: 'A proof that they are a citizen of a country of the EU, and not of which. Whose document can’t prove it may show the nationality.',
	name: 'citizen',
	statement: () => ({ kind: 'member', claim: ['nationalities', null], set: EU_COUNTRIES }),
	instead: { claims: [{ path: ['nationalities', null], values: [...EU_COUNTRIES] }] },
});

const plain = (id: string, title: string, summary: string, query: JsonObject): Preset => ({
	id,
	title,
	summary,
	can: { refuseRevoked: false, askOnce: false },
	dcql: () => ({ credentials: [query] }),
});

/** Requests that are asked often, each for the least that answers the question. */
export const presets: readonly Preset[] = [
	over(18),
	over(21),
	euCitizen,
	plain(
		'name-and-nationality',
		'Name and nationality',
		'Given name, family name and nationalities, from an identity document.',
		identity([...names, { path: ['nationalities'] }]),
	),
	plain('name', 'Name', 'Given name and family name, from an identity document.', identity(names)),
	plain('home-address', 'Name and address', 'Given name, family name and address, from an identity document.', identity([...names, { path: ['address'] }])),
	plain('degree', 'University degree', 'Given name, family name and degree, from a diploma.', diploma([...names, { path: ['degree'] }])),
];
