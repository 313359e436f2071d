import type { FormField } from '@holdfast/contract';
import { type CredentialType, type SchemaProblem, schemaProblems } from '@holdfast/credentials';
import { displayText, type Json, type JsonObject } from '@holdfast/kernel';
import { lookAlike, type Row } from '@holdfast/tables';
import { claimsFromForm, formFields } from '../form.ts';

// From the cells of a row to the claims of a document, and what is wrong with them in words. Pure.

type Cell = Row['cells'][number];

/** What a column is. */
export type ColumnUse =
	| { readonly kind: 'claim'; readonly path: readonly string[] }
	| { readonly kind: 'holder' }
	| { readonly kind: 'contact' }
	| { readonly kind: 'nothing' };

export interface Column {
	readonly name: string;
	readonly use: ColumnUse;
}

export interface CellProblem {
	/** Index of the column; null where no column of the file is meant. */
	readonly column: number | null;
	readonly columnName: string;
	readonly code: string;
	readonly message: string;
	readonly mend: string;
}

/** A row as a document, or what keeps it from being one. */
export interface CheckedRow {
	readonly claims: JsonObject;
	readonly holder: string | null;
	readonly contact: string | null;
	readonly problems: readonly CellProblem[];
}

const fold = (text: string): string =>
	text
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/ß/g, 'ss')
		.replace(/[^\p{L}\p{N}]/gu, '');

const HOLDER_NAMES = new Set(['did', 'holder', 'holderdid', 'holderkey', 'subject', 'subjectdid']);
const CONTACT_NAMES = new Set(['contact', 'email', 'emailaddress', 'mail', 'kontakt', 'emailadresse', 'phone', 'telefon']);

/** Every name that a field goes by: its path, its labels in all languages, and its last part. */
function namesOf(type: CredentialType, field: FormField): Set<string> {
	const labels = (type.display.claims ?? [])
		.filter((claim) => JSON.stringify(claim.path) === JSON.stringify(field.path))
		.flatMap((claim) => (claim.display ?? []).flatMap((each) => [each.name, each.label]));
	return new Set([field.path.join('.'), field.label, ...labels].flatMap((name) => (name === undefined ? [] : [fold(name)])));
}

/** What each column probably is, by its name. A field is given to one column only. */
export function suggestColumns(type: CredentialType, names: readonly string[]): ColumnUse[] {
	const fields = formFields(type.schema, type.display, type.disclosable).map((field) => ({ field, names: namesOf(type, field) }));
	const taken = new Set<string>();
	return names.map((name) => {
		const folded = fold(name);
		const free = fields.filter(({ field }) => !taken.has(field.path.join('.')));
		const found = free.find((each) => each.names.has(folded)) ?? free.find(({ field }) => fold(field.path.at(-1) ?? '') === folded);
		if (found && folded !== '') {
			taken.add(found.field.path.join('.'));
			return { kind: 'claim', path: found.field.path };
		}
		if (HOLDER_NAMES.has(folded)) return { kind: 'holder' };
		return CONTACT_NAMES.has(folded) ? { kind: 'contact' } : { kind: 'nothing' };
	});
}

/** Labels of required fields that no column fills. */
export function missingFields(type: CredentialType, columns: readonly ColumnUse[]): string[] {
	const filled = new Set(columns.flatMap((use) => (use.kind === 'claim' ? [use.path.join('.')] : [])));
	return formFields(type.schema, type.display, type.disclosable)
		.filter((field) => field.required && !filled.has(field.path.join('.')))
		.map((field) => field.label);
}

type Wrong = Pick<CellProblem, 'code' | 'message' | 'mend'>;
type Converted = { readonly value: Json | undefined } | { readonly wrong: Wrong };

const CELL_PROBLEMS: Readonly<Record<NonNullable<Cell['problem']>, Wrong>> = {
	'no-value': {
		code: 'import/formula',
		message: 'This cell holds a formula without a saved value. Holdfast does not evaluate formulas.',
		mend: 'Open the file in the program that it comes from, save it and import it again, or type the value here.',
	},
	error: { code: 'import/formula-error', message: 'The formula in this cell gives an error.', mend: 'Mend the formula in the file, or type the value here.' },
	imprecise: {
		code: 'import/imprecise',
		message: 'This number is longer than a spreadsheet keeps: its last digits are lost.',
		mend: 'Type all of its digits here, and make the column a text in the file.',
	},
};

const LOOK_ALIKE: Readonly<Record<'mixed-word' | 'invisible', Wrong>> = {
	'mixed-word': {
		code: 'import/look-alike',
		message: 'A word mixes letters of two alphabets that look alike, as imitations do.',
		mend: 'Type the word again on a keyboard of one alphabet.',
	},
	invisible: { code: 'import/invisible', message: 'The text holds characters that nobody sees.', mend: 'Type the text again.' },
};

const wrong = (code: string, message: string, mend: string): Converted => ({ wrong: { code, message, mend } });

const YES = new Set(['true', 'yes', 'y', '1', 'ja', 'wahr', 'x']);
const NO = new Set(['false', 'no', 'n', '0', 'nein', 'falsch']);

function dateFrom(text: string): Converted {
	const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T.*)?$/.exec(text);
	const dotted = /^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})$/.exec(text);
	const parts = iso ? [iso[1], iso[2], iso[3]] : dotted ? [dotted[3], dotted[2], dotted[1]] : null;
	if (!parts) {
		const slashed = /^\d{1,2}[/-]\d{1,2}[/-]\d{2,4}$/.test(text);
		return wrong(
			'import/date',
			slashed ? 'It cannot be told which part of this date is the day and which the month.' : 'This is not a date.',
			'Write it as year-month-day, for example 1990-12-31.',
		);
	}
	const [year = '', month = '', day = ''] = parts;
	const value = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
	const time = Date.parse(`${value}T00:00:00Z`);
	if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value)
		return wrong('import/date', 'There is no such day.', 'Write a date that exists, as year-month-day, for example 1990-12-31.');
	return { value };
}

/** Whether a number with these digits is kept as it is written: fifteen always are (IEEE 754), and whole numbers a little further. */
function isExact(text: string): boolean {
	const digits = text.replace('-', '').replace(/^0+/, '').replace('.', '');
	return digits.replace(/^0+/, '').length <= 15 || (!text.includes('.') && Number.isSafeInteger(Number(text)));
}

/** One cell as the value that a field takes. */
export function convertCell(field: FormField, cell: Cell): Converted {
	if (cell.problem) return { wrong: CELL_PROBLEMS[cell.problem] };
	const text = cell.text.trim();
	if (text === '') return { value: undefined };
	const disguise = lookAlike(text);
	if (disguise) return { wrong: LOOK_ALIKE[disguise] };
	switch (field.kind) {
		case 'date':
			return dateFrom(text);
		case 'number':
			if (!/^-?\d+(\.\d+)?$/.test(text)) {
				return wrong(
					'import/number',
					/^[-\d.,\s']+$/.test(text) ? 'It cannot be told where the decimals of this number begin.' : 'This is not a number.',
					'Write digits only, with a point before decimals, for example 12.5.',
				);
			}
			if (!isExact(text)) {
				return wrong(
					'import/number-too-long',
					'A number with so many digits would be changed: fifteen are kept.',
					'Write fewer digits, or make this a field of text, as for account numbers.',
				);
			}
			return { value: Number(text) };
		case 'boolean': {
			const word = text.toLowerCase();
			if (YES.has(word)) return { value: true };
			return NO.has(word) ? { value: false } : wrong('import/boolean', 'This is neither yes nor no.', 'Write yes or no.');
		}
		case 'choice': {
			const options = field.options ?? [];
			const folded = fold(text);
			const found = options.find(({ value }) => value === text) ?? options.find(({ value, label }) => fold(value) === folded || fold(label) === folded);
			return found
				? { value: found.value }
				: wrong(
						'import/choice',
						'This is not one of the values that this field takes.',
						`Write one of: ${options
							.slice(0, 12)
							.map(({ value }) => value)
							.join(', ')}.`,
					);
		}
		case 'list':
			return {
				value: text
					.split(/[;|\n]/)
					.map((part) => part.trim())
					.filter((part) => part !== ''),
			};
		case 'text':
			return { value: text };
	}
}

function put(claims: Record<string, Json>, path: readonly string[], value: Json): void {
	let at = claims;
	for (const name of path.slice(0, -1)) {
		const inside = Object.hasOwn(at, name) ? at[name] : undefined;
		const next = typeof inside === 'object' && inside !== null && !Array.isArray(inside) ? (inside as Record<string, Json>) : {};
		at[name] = next;
		at = next;
	}
	const last = path.at(-1);
	if (last !== undefined) at[last] = value;
}

const within = (path: readonly (string | number)[], outer: readonly string[]): boolean => outer.every((part, index) => path[index] === part);

export interface RowChecker {
	/** Whether documents go to the key that the row brings. */
	readonly needsHolder: boolean;
	check(cells: readonly Cell[]): CheckedRow;
}

/** Prepares what all rows have in common. */
export function rowChecker(
	type: CredentialType,
	columns: readonly Column[],
	options: { readonly needsHolder: boolean; readonly holderProblem: (text: string) => Wrong | null },
): RowChecker {
	const fields = new Map(formFields(type.schema, type.display, type.disclosable).map((field) => [field.path.join('.'), field]));
	const columnOf = (path: readonly (string | number)[]): number => columns.findIndex(({ use }) => use.kind === 'claim' && within(path, use.path));
	const labelOf = (path: readonly (string | number)[]): string => {
		const known = [...fields.values()].find((field) => within(path, field.path));
		return known?.label ?? displayText(path.map(String).join('.'), 80);
	};

	const fromSchema = ({ path, message }: SchemaProblem): CellProblem => {
		const column = columnOf(path);
		const name = column >= 0 ? (columns[column]?.name ?? '') : labelOf(path);
		const missing = message === 'Fill this in.';
		return {
			column: column >= 0 ? column : null,
			columnName: name,
			code: missing ? 'import/missing' : 'import/does-not-fit',
			message: missing ? `“${name}” is empty.` : `“${name}” is not as this document needs it.`,
			mend: column >= 0 ? message : 'Say which column holds it, or add one to the file.',
		};
	};

	return {
		needsHolder: options.needsHolder,
		check(cells) {
			const claims: Record<string, Json> = {};
			const problems: CellProblem[] = [];
			let holder: string | null = null;
			let contact: string | null = null;
			const report = (column: number, found: Wrong): void => {
				problems.push({ column, columnName: columns[column]?.name ?? '', ...found });
			};
			for (const [index, { use }] of columns.entries()) {
				const cell = cells[index] ?? { text: '', kind: 'text' as const };
				if (use.kind === 'nothing') continue;
				if (use.kind === 'claim') {
					const field = fields.get(use.path.join('.'));
					if (!field) continue;
					const converted = convertCell(field, cell);
					if ('wrong' in converted) report(index, converted.wrong);
					else if (converted.value !== undefined) put(claims, use.path, converted.value);
					continue;
				}
				if (cell.problem) report(index, CELL_PROBLEMS[cell.problem]);
				const text = cell.text.trim();
				if (use.kind === 'contact') contact = text === '' ? null : text;
				else {
					holder = text === '' ? null : text;
					const found = holder === null ? null : options.holderProblem(holder);
					if (found) report(index, found);
				}
			}
			if (options.needsHolder && holder === null) {
				const column = columns.findIndex(({ use }) => use.kind === 'holder');
				problems.push({
					column: column >= 0 ? column : null,
					columnName: column >= 0 ? (columns[column]?.name ?? '') : 'Holder',
					code: 'import/no-holder',
					message: 'The row does not say whose key the document is for.',
					mend: 'Put the holder’s DID (did:key or did:jwk) into the row, or make offers instead.',
				});
			}
			const shaped = (claimsFromForm(type.schema, claims) ?? {}) as JsonObject;
			// A cell that could not be read is told once, not again as missing.
			const told = problems.map(({ column }) => column);
			for (const each of schemaProblems(type.schema, shaped)) {
				const found = fromSchema(each);
				if (found.column === null || !told.includes(found.column)) problems.push(found);
			}
			return { claims: shaped, holder, contact, problems };
		},
	};
}
