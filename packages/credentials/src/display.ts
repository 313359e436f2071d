import { jwkThumbprint } from '@holdfast/crypto';
import { displayText, type Json } from '@holdfast/kernel';
import { claimPathFromDocument, formatOf } from './format.ts';
import { isArray, isObject, isPrefix, pathIndex, samePath, stringMember } from './json.ts';
import { ABOUT_LABELS, claimLabel, inLanguage, knownLabel, labelFromName, YES_NO } from './labels.ts';
import { LIMITS } from './limits.ts';
import type {
	ClaimLine,
	ClaimPath,
	CredentialDescription,
	CredentialDisplay,
	CredentialDisplayEntry,
	Learned,
	LocalizedName,
	ParsedCredential,
} from './model.ts';
import { isDate } from './schema.ts';
import { selectDisclosures } from './sd-jwt-vc.ts';

/** Longest data: URL that is shown as an image (characters; it must fit into a presentation, encoded twice), and how many in one credential. */
const MAX_IMAGE = 500_000;
const MAX_IMAGES = 4;
/** Lines that one credential may fill. */
const MAX_LINES = 500;
const MAX_VALUE = 500;
const MAX_ITEMS = 100;

/** A credential for a person: title, issuer and one line per claim, in the language of `locale` (BCP 47) where there is one. */
export function describe(parsed: ParsedCredential, display?: CredentialDisplay, locale = 'en'): CredentialDescription {
	const known = safeLocale(locale);
	const entry = pick(display?.display, known);
	const issuerName = nameOf(pick(display?.issuerDisplay, known)) ?? parsed.issuerName ?? parsed.issuer;
	const description = stringIn(entry?.description);
	const colours = coloursOf(entry);
	const logo = logoOf(entry);
	return {
		title: displayText(nameOf(entry) ?? titleFromType(parsed.type), 100),
		issuer: displayText(issuerName, 200),
		lines: claimLines(parsed, lineValues(parsed), display, known),
		about: aboutLines(parsed, known),
		...(description ? { description: displayText(description, 300) } : {}),
		...(colours ? { colours } : {}),
		...(logo ? { logo } : {}),
	};
}

/** What a presentation with `disclose` will tell: exactly the claims that `present` puts into it, and what stays back. */
export function whatIsLearned(parsed: ParsedCredential, disclose: readonly ClaimPath[] | 'all', display?: CredentialDisplay, locale = 'en'): Learned {
	const known = safeLocale(locale);
	const selective = formatOf(parsed.format).selective;
	const shown = new Set(selective ? selectDisclosures(parsed.disclosures, disclose) : parsed.disclosures);
	const hides = pathIndex(parsed.disclosures.filter((entry) => !shown.has(entry)).map(({ path }) => path));
	const entries = lineValues(parsed);
	// Divided before anything is shortened, so that each side says by itself how much it does not list.
	const learned = claimLines(
		parsed,
		entries.filter(({ path }) => !hides.covers(path)),
		display,
		known,
	);
	const hidden = claimLines(
		parsed,
		entries.filter(({ path }) => hides.covers(path)),
		display,
		known,
	);
	return { learned, hidden, about: aboutLines(parsed, known) };
}

interface Entry {
	readonly path: ClaimPath;
	readonly value: Json;
}

function claimLines(parsed: ParsedCredential, entries: readonly Entry[], display: CredentialDisplay | undefined, locale: string): ClaimLine[] {
	const labels = labelsOf(parsed, display, locale);
	const hideable = pathIndex(parsed.disclosures.map(({ path }) => path));
	let images = 0;
	const lines = entries.slice(0, MAX_LINES).map(({ path, value }, index) => {
		const shown = formatValue(value, path, locale, images < MAX_IMAGES);
		if (shown.kind === 'image') images += 1;
		const line: ClaimLine = { path, label: labels.label(path), disclosable: hideable.covers(path), ...shown };
		return { line, rank: labels.rank(path), index };
	});
	const sorted = lines.sort((a, b) => a.rank - b.rank || a.index - b.index).map(({ line }) => line);
	const unlisted = entries.length - lines.length;
	// What is not listed must not go unsaid.
	if (unlisted > 0) sorted.push({ path: [], label: inLanguage(ABOUT_LABELS.more, locale), value: String(unlisted), kind: 'number', disclosable: false });
	return sorted;
}

/** Leaves, but a list of scalars whose elements stand or fall together is one entry. */
function lineValues(parsed: ParsedCredential): Entry[] {
	const parents = new Set(parsed.disclosures.map((entry) => JSON.stringify(entry.path.slice(0, -1))));
	const entries: Entry[] = [];
	const together = (items: readonly Json[], path: ClaimPath): boolean =>
		items.every((item) => typeof item !== 'object' || item === null) && !parents.has(JSON.stringify(path));
	const walk = (value: Json, path: ClaimPath): void => {
		if (isObject(value) && Object.keys(value).length > 0) {
			for (const [name, item] of Object.entries(value)) walk(item, [...path, name]);
		} else if (isArray(value) && value.length > 0 && !together(value, path)) {
			for (const [index, item] of value.entries()) walk(item, [...path, index]);
		} else if (path.length > 0) entries.push({ path, value });
	};
	walk(parsed.claims, []);
	return entries;
}

interface Labels {
	label(path: ClaimPath): string;
	rank(path: ClaimPath): number;
}

/** Labels and order from the issuer's metadata, then ours, then the claim's own name. */
function labelsOf(parsed: ParsedCredential, display: CredentialDisplay | undefined, locale: string): Labels {
	const described = (isArray(display?.claims as Json | undefined) ? (display?.claims ?? []) : []).slice(0, MAX_LINES).flatMap((claim) => {
		if (!isArray(claim?.path as Json | undefined)) return [];
		const path = claimPathFromDocument(parsed.format, claim.path) ?? (parsed.format === 'jwt_vc_json' ? claim.path : undefined);
		return path && path.length > 0 ? [{ path, name: nameOf(pick(claim.display, locale)) }] : [];
	});
	const own = (path: ClaimPath): string | undefined => described.find((claim) => samePath(claim.path, path))?.name;
	const one = (path: ClaimPath): string => own(path) ?? claimLabel(path, locale);
	return {
		label: (path) => {
			const last = path.at(-1);
			if (typeof last === 'number') return displayText(`${own(path) ?? one(path.slice(0, -1))} ${last + 1}`, 100);
			// Parents that say something are told too: “Place of birth: Town”.
			const exact = own(path) ?? knownLabel(path, locale);
			if (exact !== undefined) return displayText(exact, 100);
			const parents = path
				.slice(0, -1)
				.map((_part, index) => path.slice(0, index + 1))
				.filter((parent) => typeof parent.at(-1) === 'string');
			return displayText([...parents, path].map(one).join(': '), 100);
		},
		rank: (path) => {
			const at = described.findIndex((claim) => isPrefix(claim.path, path));
			return at < 0 ? described.length : at;
		},
	};
}

type Shown = Pick<ClaimLine, 'value' | 'kind' | 'items'>;

/** A claim's value for a person. */
function formatValue(value: Json, path: ClaimPath, locale: string, imageAllowed: boolean): Shown {
	if (isArray(value)) {
		const items = value.slice(0, MAX_ITEMS).map((item) => formatScalar(item, path, locale).value);
		if (value.length > MAX_ITEMS) items.push(`… +${value.length - MAX_ITEMS}`);
		return { kind: 'list', items, value: displayText(items.join(', '), MAX_VALUE) };
	}
	if (typeof value === 'string' && value.startsWith('data:')) {
		if (imageAllowed && isSafeImage(value)) return { kind: 'image', value };
		return { kind: 'text', value: 'An image or file that is not shown' };
	}
	return formatScalar(value, path, locale);
}

function formatScalar(value: Json, path: ClaimPath, locale: string): Shown {
	const { kind, value: text } = scalarText(value, path, locale);
	// Numbers and dates too: some languages format them with direction marks.
	return { kind, value: displayText(text, MAX_VALUE) };
}

function scalarText(value: Json, path: ClaimPath, locale: string): Shown {
	if (typeof value === 'boolean') return { kind: 'boolean', value: inLanguage(YES_NO[value ? 0 : 1], locale) };
	if (typeof value === 'number')
		return { kind: 'number', value: isYear(path) ? String(value) : new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }).format(value) };
	if (typeof value !== 'string') return { kind: 'text', value: value === null ? '–' : '' };
	if (isDate(value))
		return { kind: 'date', value: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(Date.parse(`${value}T00:00:00Z`)) };
	if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value) && value.length <= 40 && !Number.isNaN(Date.parse(value))) {
		return {
			kind: 'date',
			value: `${new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(Date.parse(value))} UTC`,
		};
	}
	return { kind: 'text', value: countryName(value, path, locale) ?? value };
}

const isYear = (path: ClaimPath): boolean => /year/i.test(String(path.findLast((part) => typeof part === 'string') ?? ''));

/** ISO 3166-1 codes as names, where the claim is about a country: `DE` gives `Germany (DE)`. */
function countryName(value: string, path: ClaimPath, locale: string): string | undefined {
	if (!/^[A-Z]{2}$/.test(value)) return undefined;
	const name = String(path.findLast((part) => typeof part === 'string') ?? '');
	if (!/country|nationalit/i.test(name)) return undefined;
	const found = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' }).of(value);
	return found === undefined ? undefined : `${found} (${value})`;
}

/** First bytes, in base64, of the image types that are shown. SVG is not: it is a program. */
const IMAGES: readonly (readonly [prefix: string, magic: string])[] = [
	['data:image/png;base64,', 'iVBORw0KGgo'],
	['data:image/jpeg;base64,', '/9j/'],
	['data:image/webp;base64,', 'UklGR'],
];

function isSafeImage(value: string): boolean {
	if (value.length > MAX_IMAGE) return false;
	return IMAGES.some(([prefix, magic]) => value.startsWith(prefix + magic) && /^[A-Za-z0-9+/]+={0,2}$/.test(value.slice(prefix.length)));
}

function aboutLines(parsed: ParsedCredential, locale: string): ClaimLine[] {
	const lines: ClaimLine[] = [];
	const add = (name: keyof typeof ABOUT_LABELS, value: string | undefined, kind: ClaimLine['kind'] = 'text'): void => {
		if (value) lines.push({ path: [], label: inLanguage(ABOUT_LABELS[name], locale), value: displayText(value, 300), kind, disclosable: false });
	};
	const date = (seconds: number | undefined): string | undefined =>
		seconds === undefined || seconds > LIMITS.time ? undefined : new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(seconds * 1000);
	add('issuer', parsed.issuer);
	add('type', parsed.type);
	add('issued', date(parsed.issuedAt), 'date');
	add('validFrom', date(parsed.validFrom), 'date');
	add('validUntil', date(parsed.validUntil), 'date');
	add('key', parsed.holder?.did ?? (parsed.holder?.jwk ? jwkThumbprint(parsed.holder.jwk) : undefined));
	add('id', parsed.id);
	add('status', statusUri(parsed.status));
	return lines;
}

/** Token Status List (`status.status_list.uri`) or Bitstring Status List (`statusListCredential`). */
function statusUri(status: Json | undefined): string | undefined {
	if (!isObject(status)) return undefined;
	const list = status.status_list;
	return isObject(list) ? stringMember(list, 'uri') : stringMember(status, 'statusListCredential');
}

/** The entry for a locale: exact, then same language, then without language, then the first (as OpenID4VCI §12.2.4 leaves to the wallet). */
function pick<T extends LocalizedName>(entries: readonly T[] | undefined, locale: string): T | undefined {
	if (!Array.isArray(entries)) return undefined;
	const usable = (entries as readonly T[]).filter((entry: T | null) => typeof entry === 'object' && entry !== null).slice(0, 100);
	const tag = (entry: T): string => (stringIn(entry.locale) ?? stringIn(entry.lang) ?? '').toLowerCase();
	const wanted = locale.toLowerCase();
	const language = wanted.split('-', 1)[0] ?? wanted;
	return (
		usable.find((entry) => tag(entry) === wanted) ??
		usable.find((entry) => tag(entry).split('-', 1)[0] === language) ??
		usable.find((entry) => tag(entry) === '') ??
		usable.find((entry) => tag(entry).split('-', 1)[0] === 'en') ??
		usable[0]
	);
}

/** Metadata is JSON from outside: its types are a promise, not a fact. */
const stringIn = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value : undefined);
const nameOf = (entry: LocalizedName | undefined): string | undefined => stringIn(entry?.name) ?? stringIn(entry?.label);

function coloursOf(entry: CredentialDisplayEntry | undefined): CredentialDescription['colours'] {
	const background = colour(entry?.background_color ?? entry?.rendering?.simple?.background_color);
	const text = colour(entry?.text_color ?? entry?.rendering?.simple?.text_color);
	return background || text ? { ...(background ? { background } : {}), ...(text ? { text } : {}) } : undefined;
}

/** Only the numerical form: a colour ends up in a style. */
const colour = (value: unknown): string | undefined =>
	typeof value === 'string' && /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(value) ? value.toLowerCase() : undefined;

function logoOf(entry: CredentialDisplayEntry | undefined): CredentialDescription['logo'] {
	const logo = entry?.logo ?? entry?.rendering?.simple?.logo;
	const uri = stringIn(logo?.uri);
	if (!uri || uri.length > 2_048 || !URL.canParse(uri) || new URL(uri).protocol !== 'https:') return undefined;
	const alt = stringIn(logo?.alt_text);
	return { uri: new URL(uri).href, ...(alt ? { alt: displayText(alt, 100) } : {}) };
}

/** The last telling part of a type: `urn:eudi:pid:1` gives `Pid`, `UniversityDegreeCredential` gives `University degree credential`. */
function titleFromType(type: string): string {
	const parts = type.split(/[:/#]/).filter((part) => part !== '' && !/^v?\d+(\.\d+)*$/.test(part));
	return labelFromName(parts.at(-1) ?? type) || 'Credential';
}

function safeLocale(locale: string): string {
	try {
		return Intl.getCanonicalLocales(locale)[0] ?? 'en';
	} catch {
		return 'en';
	}
}
