import type { QueryWords } from '@holdfast/oid4vc';
import { networkName } from '../assets/collections.node.ts';
import { readOwnershipQuery, tokenInWords } from '../assets/ownership-query.ts';
import { collectionName } from '../assets/verify.node.ts';
import type { Session } from '../session.node.ts';
import { nameOfType } from '../types.node.ts';
import { readProofQuery, statementWords } from './statement-query.ts';

/** How queries are told, on `today` (YYYYMMDD): types and collections by the names that we give them, statements as what is learned. */
export const queryWords = (session: Session, today: number): QueryWords => ({
	nameOf: nameOfType,
	statementOf: (query) => {
		const asked = readProofQuery(query);
		return asked && statementWords(asked.request, today).clause;
	},
	tokenOf: (query) => {
		const asked = readOwnershipQuery(query);
		const words = asked && tokenInWords(asked, collectionName(session, asked.chainId, asked.collection), networkName(session, asked.chainId));
		return words && asked.delegates ? `${words}, or acts for whoever owns it` : words;
	},
});
