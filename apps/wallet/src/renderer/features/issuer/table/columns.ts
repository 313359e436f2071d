import type { ColumnUse, FormField } from '@holdfast/contract';

/** A use of a column as the value of a select, and back. */
export const columnKey = (use: ColumnUse): string => (use.kind === 'claim' ? `claim:${use.path.join('.')}` : use.kind);

export function columnUse(key: string, fields: readonly FormField[]): ColumnUse {
	if (key === 'holder' || key === 'contact' || key === 'nothing') return { kind: key };
	const field = fields.find((each) => columnKey({ kind: 'claim', path: each.path }) === key);
	return field ? { kind: 'claim', path: field.path } : { kind: 'nothing' };
}

/** Labels of fields that have to be filled and that no column fills. */
export function missing(fields: readonly FormField[], uses: readonly ColumnUse[]): string[] {
	const filled = new Set(uses.map(columnKey));
	return fields.filter((field) => field.required && !filled.has(columnKey({ kind: 'claim', path: field.path }))).map((field) => field.label);
}

/** Whether two columns are given to the same field. */
export function hasTwice(uses: readonly ColumnUse[]): boolean {
	const keys = uses.map(columnKey).filter((key) => key !== 'nothing');
	return new Set(keys).size < keys.length;
}
