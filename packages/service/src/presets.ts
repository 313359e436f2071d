import type { JsonObject } from '@holdfast/kernel';

export interface Preset {
	readonly id: string;
	readonly title: string;
	/** A DCQL query (OpenID4VP 1.0 §6). */
	readonly dcql: JsonObject;
}

const PID = 'urn:eudi:pid:1';
const DIPLOMA = 'urn:holdfast:university-diploma:1';

const names = [{ path: ['given_name'] }, { path: ['family_name'] }];
const identity = (claims: readonly JsonObject[]): JsonObject => ({ id: 'identity', format: 'dc+sd-jwt', meta: { vct_values: [PID] }, claims });
const diploma = (claims: readonly JsonObject[]): JsonObject => ({ id: 'diploma', format: 'dc+sd-jwt', meta: { vct_values: [DIPLOMA] }, claims });

/** Requests that are asked often, each for the least that answers the question. */
export const presets: readonly Preset[] = [
	{ id: 'name-and-nationality', title: 'Name and nationality', dcql: { credentials: [identity([...names, { path: ['nationalities'] }])] } },
	{ id: 'name', title: 'Name', dcql: { credentials: [identity(names)] } },
	{ id: 'home-address', title: 'Name and address', dcql: { credentials: [identity([...names, { path: ['address'] }])] } },
	{ id: 'degree', title: 'University degree', dcql: { credentials: [diploma([...names, { path: ['degree'] }])] } },
];
