/** Bounds on what is read. */
export const LIMITS = {
	rows: 1_100_000,
	columns: 1_024,
	/** Characters of a cell, as spreadsheets have it. */
	cell: 32_767,
	/** Bytes of the file as it lies there. */
	file: 1_073_741_824,
	/** Bytes that a packed file may unpack to, all parts together. */
	unpacked: 4_294_967_296,
	/** Characters of an XLSX's shared texts, which have to be kept. */
	shared: 67_108_864,
} as const;

export interface Cell {
	readonly text: string;
	/** What the file says that it is; a CSV knows only texts. */
	readonly kind: 'text' | 'number' | 'date' | 'boolean';
	/** The value was computed by the program that saved the file. */
	readonly formula?: true;
	/** Why there is no value to use. */
	readonly problem?: 'no-value' | 'error' | 'imprecise';
}

export interface Row {
	/** Where it stands in the file, from 1. */
	readonly line: number;
	readonly cells: readonly Cell[];
}

export interface ReadOptions {
	/** A sheet's name; the first when absent. */
	readonly sheet?: string;
	/** CSV: otherwise what was found. */
	readonly encoding?: Encoding;
	readonly delimiter?: string;
	readonly signal?: AbortSignal;
}

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** A file that was opened. Each call of `rows` reads it from the beginning. */
export interface Table {
	readonly kind: 'csv' | 'xlsx' | 'ods';
	/** Empty for CSV. */
	readonly sheets: readonly string[];
	readonly encoding: Encoding | null;
	readonly delimiter: string | null;
	/** Rows that are not empty, in order. Throws `table/malformed`, `table/too-large`, `table/no-sheet`. */
	rows(options?: ReadOptions): AsyncGenerator<Row, void>;
}
