import type { Migration } from './migration.ts';

/** On what ground, or by which consent, something was issued: as its issuer has written it down. */
export const basis: Migration = {
	version: 13,
	name: 'basis',
	sql: `
ALTER TABLE issued ADD COLUMN basis TEXT;
ALTER TABLE batches ADD COLUMN basis TEXT;
`,
};
