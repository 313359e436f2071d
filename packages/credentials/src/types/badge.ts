import type { CredentialType } from '../model.ts';
import { date, displayOf, names, object, presentationSchemaOf, text } from './build.ts';

const schema = object(
	{
		given_name: text(),
		family_name: text(),
		picture: { type: 'string', maxLength: 500_000 },
		employer: text(),
		employee_number: text(64),
		job_title: text(),
		department: text(),
		email: { type: 'string', format: 'email' },
		access_areas: { type: 'array', items: text(100), minItems: 1, maxItems: 50, uniqueItems: true },
		valid_since: date,
	},
	['given_name', 'family_name', 'employer', 'employee_number'],
);

export const employeeBadge: CredentialType = {
	id: 'employee-badge',
	name: 'Employee badge',
	description: 'Shows that somebody works for an employer, and where they may go.',
	formats: ['dc+sd-jwt', 'jwt_vc_json'],
	vct: 'urn:holdfast:employee-badge:1',
	type: 'EmployeeBadgeCredential',
	schema,
	presentationSchema: presentationSchemaOf(schema),
	display: displayOf({ english: 'Employee badge', german: 'Mitarbeiterausweis', background: '#215a4b', text: '#ffffff' }, [
		{ path: ['given_name'], mandatory: true, display: names('Given name', 'Vorname') },
		{ path: ['family_name'], mandatory: true, display: names('Family name', 'Nachname') },
		{ path: ['picture'], display: names('Portrait', 'Lichtbild') },
		{ path: ['employer'], mandatory: true, display: names('Employer', 'Arbeitgeber') },
		{ path: ['employee_number'], mandatory: true, display: names('Employee number', 'Personalnummer') },
		{ path: ['job_title'], display: names('Job title', 'Funktion') },
		{ path: ['department'], display: names('Department', 'Abteilung') },
		{ path: ['email'], display: names('E-mail address', 'E-Mail-Adresse') },
		{ path: ['access_areas'], display: names('Access to', 'Zutritt zu') },
		{ path: ['valid_since'], display: names('Employed since', 'Beschäftigt seit') },
	]),
	disclosable: [
		['given_name'],
		['family_name'],
		['picture'],
		['employee_number'],
		['job_title'],
		['department'],
		['email'],
		['access_areas'],
		['access_areas', null],
		['valid_since'],
	],
	example: {
		given_name: 'Grace',
		family_name: 'Muster',
		employer: 'Example Works Ltd',
		employee_number: '00417',
		job_title: 'Engineer',
		department: 'Operations',
		email: 'grace.muster@example.com',
		access_areas: ['Workshop', 'Laboratory'],
		valid_since: '2024-03-01',
	},
};
