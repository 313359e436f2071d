import type { JsonObject } from '@holdfast/kernel';

/** An identity card in the shape of the EUDI PID, of a person who does not exist. */
export const ADA_ID = {
	given_name: 'Ada Marguerite',
	family_name: 'Byron-Example',
	birthdate: '1990-12-10',
	nationalities: ['FR', 'GB'],
	address: { street_address: '12 Canary Wharf Road', locality: 'Sampleton', postal_code: 'E14 9ZZ', country: 'GB' },
	issuing_authority: 'Office of Examples',
	issuing_country: 'GB',
	date_of_expiry: '2035-01-01',
} as const satisfies JsonObject;

/** A university diploma of the same person. */
export const ADA_DIPLOMA = {
	given_name: 'Ada Marguerite',
	family_name: 'Byron-Example',
	birthdate: '1990-12-10',
	university: 'University of Sampleton',
	degree: { type: 'Master', name: 'Master of Science in Analytical Engines' },
	graduation_date: '2013-07-19',
	grade: '1.0',
} as const satisfies JsonObject;

/** Strings that must be found nowhere in clear once the wallet has them. */
export const CANARIES: readonly string[] = ['1990-12-10', 'Byron-Example', '12 Canary Wharf Road', 'E14 9ZZ', 'Analytical Engines'];
