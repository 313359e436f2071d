import type { CredentialType } from '../model.ts';
import { date, displayOf, names, object, presentationSchemaOf, text } from './build.ts';

const schema = object(
	{
		given_name: text(),
		family_name: text(),
		birthdate: date,
		university: text(),
		degree: object({ type: { type: 'string', enum: ['Bachelor', 'Master', 'Doctorate', 'Diploma'] }, name: text() }, ['type', 'name']),
		field_of_study: text(),
		graduation_date: date,
		grade: text(40),
		honours: text(100),
		student_number: text(64),
	},
	['given_name', 'family_name', 'university', 'degree', 'graduation_date'],
);

export const universityDiploma: CredentialType = {
	id: 'university-diploma',
	name: 'University diploma',
	description: 'A degree that a university has awarded.',
	formats: ['dc+sd-jwt', 'jwt_vc_json'],
	vct: 'urn:holdfast:university-diploma:1',
	type: 'UniversityDegreeCredential',
	schema,
	presentationSchema: presentationSchemaOf(schema),
	display: displayOf({ english: 'University diploma', german: 'Hochschulzeugnis', background: '#5b2333', text: '#ffffff' }, [
		{ path: ['given_name'], mandatory: true, display: names('Given name', 'Vorname') },
		{ path: ['family_name'], mandatory: true, display: names('Family name', 'Nachname') },
		{ path: ['birthdate'], display: names('Date of birth', 'Geburtsdatum') },
		{ path: ['university'], mandatory: true, display: names('University', 'Hochschule') },
		{ path: ['degree', 'type'], display: names('Kind of degree', 'Art des Abschlusses') },
		{ path: ['degree', 'name'], display: names('Degree', 'Abschluss') },
		{ path: ['field_of_study'], display: names('Field of study', 'Studienfach') },
		{ path: ['graduation_date'], mandatory: true, display: names('Date of graduation', 'Abschlussdatum') },
		{ path: ['grade'], display: names('Grade', 'Note') },
		{ path: ['honours'], display: names('Honours', 'Auszeichnung') },
		{ path: ['student_number'], display: names('Student number', 'Matrikelnummer') },
	]),
	// What makes it a diploma stays visible: who awarded what.
	disclosable: [['given_name'], ['family_name'], ['birthdate'], ['field_of_study'], ['graduation_date'], ['grade'], ['honours'], ['student_number']],
	example: {
		given_name: 'Ada',
		family_name: 'Beispiel',
		birthdate: '2001-09-14',
		university: 'University of Example',
		degree: { type: 'Master', name: 'Master of Science' },
		field_of_study: 'Computer Science',
		graduation_date: '2026-07-17',
		grade: '1.3',
		student_number: 'S-204417',
	},
};
