import type { ClaimPath } from './model.ts';

// Labels for claims that many issuers use without saying what they are called: the EUDI PID (PID Rulebook, SD-JWT VC
// encoding), OpenID Connect standard claims, and diplomas. An issuer's own labels go first; see display.ts.

type Label = readonly [english: string, german: string];

const LABELS: { readonly [name: string]: Label } = {
	given_name: ['Given name', 'Vorname'],
	family_name: ['Family name', 'Nachname'],
	birth_given_name: ['Given name at birth', 'Geburtsvorname'],
	birth_family_name: ['Family name at birth', 'Geburtsname'],
	name: ['Name', 'Name'],
	middle_name: ['Middle name', 'Zweiter Vorname'],
	nickname: ['Nickname', 'Spitzname'],
	birthdate: ['Date of birth', 'Geburtsdatum'],
	birth_date: ['Date of birth', 'Geburtsdatum'],
	date_of_birth: ['Date of birth', 'Geburtsdatum'],
	place_of_birth: ['Place of birth', 'Geburtsort'],
	'place_of_birth.locality': ['Town of birth', 'Geburtsort'],
	'place_of_birth.region': ['Region of birth', 'Geburtsregion'],
	'place_of_birth.country': ['Country of birth', 'Geburtsland'],
	nationalities: ['Nationalities', 'Staatsangehörigkeiten'],
	nationality: ['Nationality', 'Staatsangehörigkeit'],
	sex: ['Sex', 'Geschlecht'],
	gender: ['Gender', 'Geschlecht'],
	email: ['E-mail address', 'E-Mail-Adresse'],
	phone_number: ['Telephone number', 'Telefonnummer'],
	picture: ['Portrait', 'Lichtbild'],
	portrait: ['Portrait', 'Lichtbild'],
	address: ['Address', 'Anschrift'],
	'address.formatted': ['Address', 'Anschrift'],
	'address.street_address': ['Street', 'Straße'],
	'address.house_number': ['House number', 'Hausnummer'],
	'address.locality': ['Town', 'Ort'],
	'address.region': ['Region', 'Region'],
	'address.postal_code': ['Postal code', 'Postleitzahl'],
	'address.country': ['Country', 'Land'],
	age_in_years: ['Age', 'Alter'],
	age_birth_year: ['Year of birth', 'Geburtsjahr'],
	personal_administrative_number: ['Personal number', 'Personenkennzahl'],
	document_number: ['Document number', 'Dokumentnummer'],
	issuing_authority: ['Issuing authority', 'Ausstellende Behörde'],
	issuing_country: ['Issuing country', 'Ausstellender Staat'],
	issuing_jurisdiction: ['Issuing jurisdiction', 'Ausstellendes Gebiet'],
	date_of_issuance: ['Date of issue', 'Ausstellungsdatum'],
	issuance_date: ['Date of issue', 'Ausstellungsdatum'],
	date_of_expiry: ['Date of expiry', 'Ablaufdatum'],
	expiry_date: ['Date of expiry', 'Ablaufdatum'],
	trust_anchor: ['Trust anchor', 'Vertrauensanker'],
	sub: ['Subject', 'Inhaber'],
	degree: ['Degree', 'Abschluss'],
	'degree.type': ['Kind of degree', 'Art des Abschlusses'],
	'degree.name': ['Degree', 'Abschluss'],
	degree_title: ['Degree', 'Abschluss'],
	field_of_study: ['Field of study', 'Studienfach'],
	university: ['University', 'Hochschule'],
	awarding_institution: ['University', 'Hochschule'],
	graduation_date: ['Date of graduation', 'Abschlussdatum'],
	grade: ['Grade', 'Note'],
	gpa: ['Grade point average', 'Notendurchschnitt'],
	honours: ['Honours', 'Auszeichnung'],
	student_number: ['Student number', 'Matrikelnummer'],
	employer: ['Employer', 'Arbeitgeber'],
	employee_number: ['Employee number', 'Personalnummer'],
	job_title: ['Job title', 'Funktion'],
	department: ['Department', 'Abteilung'],
	access_areas: ['Access to', 'Zutritt zu'],
	valid_since: ['Employed since', 'Beschäftigt seit'],
};

/** Words for what every presentation tells. */
export const ABOUT_LABELS = {
	issuer: ['Issuer', 'Aussteller'],
	type: ['Type', 'Art'],
	issued: ['Issued', 'Ausgestellt'],
	validFrom: ['Valid from', 'Gültig ab'],
	validUntil: ['Valid until', 'Gültig bis'],
	key: ['Key of this credential', 'Schlüssel dieses Nachweises'],
	id: ['Number of this credential', 'Nummer dieses Nachweises'],
	more: ['Further claims that are not listed', 'Weitere Angaben, die nicht aufgeführt sind'],
	status: ['Where to look up revocation', 'Stelle für den Widerruf'],
} as const satisfies { readonly [name: string]: Label };

export const YES_NO: readonly [yes: Label, no: Label] = [
	['Yes', 'Ja'],
	['No', 'Nein'],
];

export const isGerman = (locale: string): boolean => /^de\b/i.test(locale);

export const inLanguage = (label: Label, locale: string): string => label[isGerman(locale) ? 1 : 0];

/** Our own label for a path, from its whole name or its last names; undefined where there is none. */
export function knownLabel(path: ClaimPath, locale: string): string | undefined {
	const names = path.filter((part) => typeof part === 'string');
	const age = ageLabel(names, locale);
	if (age) return age;
	const label = own(names.join('.')) ?? own(names.slice(-2).join('.')) ?? own(names.at(-1) ?? '');
	return label && inLanguage(label, locale);
}

const own = (name: string): Label | undefined => (Object.hasOwn(LABELS, name) ? LABELS[name] : undefined);

/** `age_equal_or_over.18` (PID), `age_over_18` (mdoc), `is_over_18` (SD-JWT VC examples). */
function ageLabel(names: readonly string[], locale: string): string | undefined {
	const last = names.at(-1) ?? '';
	const age = names.at(-2) === 'age_equal_or_over' ? last : /^(?:age|is)_over_(\d{1,3})$/.exec(last)?.[1];
	if (age === undefined || !/^\d{1,3}$/.test(age)) return undefined;
	return isGerman(locale) ? `Mindestens ${age} Jahre alt` : `At least ${age} years old`;
}

/** A readable label out of a claim's technical name: `street_address` and `streetAddress` give `Street address`. */
export function labelFromName(name: string): string {
	const words = name
		.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
		.replace(/[_\-.:/]+/g, ' ')
		.trim()
		.toLowerCase();
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What to call a claim that nobody has named: our own label for its path, else words out of its technical name. */
export const claimLabel = (path: ClaimPath, locale: string): string =>
	knownLabel(path, locale) ?? labelFromName(String(path.findLast((part) => typeof part === 'string') ?? ''));
