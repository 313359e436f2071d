import type { QueryWords } from '@holdfast/oid4vc';
import { nameOfType } from '../types.node.ts';
import { readProofQuery, statementWords } from './statement-query.ts';

/** How queries are told, on `today` (YYYYMMDD): types by the names that we give them, statements as what is learned. */
export const queryWords = (today: number): QueryWords => ({
	nameOf: nameOfType,
	statementOf: (query) => {
		const asked = readProofQuery(query);
		return asked && statementWords(asked.request, today).clause;
	},
});
