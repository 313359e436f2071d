import type { Appearance, ClaimLine, CredentialDetail, CredentialSummary } from '@holdfast/contract';
import { type ClaimPath, type CredentialDisplay, type ClaimLine as DescribedLine, describe, type ParsedCredential, parse } from '@holdfast/credentials';
import { displayText, type JsonObject } from '@holdfast/kernel';
import type { CredentialRow } from '@holdfast/vault';
import { ServiceError } from './errors.ts';
import { party } from './parties.node.ts';
import type { Session } from './session.node.ts';
import { withdrawalOf } from './withdrawal.node.ts';

/** One way to write dates and numbers everywhere; the screens use the same. */
export const LOCALE = 'en-GB';
const COLOUR = /^#[0-9a-f]{6}$/i;
const SUBTITLE_CLAIMS = [['given_name', 'family_name'], ['name'], ['degree'], ['title'], ['employee_id']] as const;

/** Copies of one document: issued together, each bound to a key of its own. */
export interface Document {
	/** Stands for all of them; its id is the document's id. */
	readonly first: CredentialRow;
	readonly copies: readonly CredentialRow[];
}

export function documents(session: Session): Document[] {
	const groups = new Map<string, CredentialRow[]>();
	for (const row of session.vault.credentials.list()) {
		const group = groups.get(row.batchId) ?? [];
		group.push(row);
		groups.set(row.batchId, group);
	}
	return [...groups.values()].flatMap((rows) => {
		const copies = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
		const first = copies[0];
		return first ? [{ first, copies }] : [];
	});
}

export function document(session: Session, id: string): Document {
	const found = documents(session).find((each) => each.copies.some((copy) => copy.id === id));
	if (!found) throw new ServiceError('credential/not-found', 'This document is no longer in the wallet.');
	return found;
}

/** The copy that was shown least: presentations of different copies cannot be linked by their key. */
export const freshestCopy = ({ copies, first }: Document): CredentialRow => copies.toSorted((a, b) => a.uses - b.uses)[0] ?? first;

/** The key that a document is bound to. Everything that this wallet receives has one. */
export function holderKid(row: CredentialRow): string {
	if (row.holderKid === null) throw new ServiceError('credential/no-key', 'This document is bound to no key of this wallet, so it cannot be shown.');
	return row.holderKid;
}

export function parsedRow(session: Session, row: CredentialRow): ParsedCredential {
	let parsed = session.parsed.get(row.id);
	if (!parsed) {
		parsed = parse(row.raw);
		session.parsed.set(row.id, parsed);
	}
	return parsed;
}

export const displayOf = (row: Pick<CredentialRow, 'display'>): CredentialDisplay => (row.display ?? {}) as CredentialDisplay;

/** Drops what the contract does not carry. */
export const lines = (described: readonly DescribedLine[]): ClaimLine[] =>
	described.map(({ path, label, value, kind, disclosable }) => ({ path: [...path], label, value, kind, disclosable }));

/** Lines for claims that are not in a document yet, or were taken out of one. */
export function claimsAsLines(claims: JsonObject, display: CredentialDisplay, disclosable: readonly ClaimPath[]): ClaimLine[] {
	const bare: ParsedCredential = {
		format: 'dc+sd-jwt',
		raw: '',
		issuer: '',
		type: '',
		types: [],
		claims,
		document: claims,
		disclosures: [],
		alwaysDisclosed: [],
		header: {},
	};
	// A claim can be hidden if it, or anything around it, can.
	const canHide = (path: ClaimLine['path']): boolean =>
		disclosable.some((each) => each.length <= path.length && each.every((part, i) => part === null || part === path[i]));
	return lines(describe(bare, display, LOCALE).lines).map((line) => ({ ...line, disclosable: canHide(line.path) }));
}

export function appearance(name: string, display: CredentialDisplay): Appearance {
	const entry = display.display?.[0];
	const simple = entry?.rendering?.simple;
	const background = entry?.background_color ?? simple?.background_color;
	const text = entry?.text_color ?? simple?.text_color;
	const logo = entry?.logo ?? simple?.logo;
	return {
		name: displayText(entry?.name ?? entry?.label ?? name, 80) || displayText(name, 80),
		...(entry?.description ? { description: displayText(entry.description, 300) } : {}),
		...(background && COLOUR.test(background) ? { background } : {}),
		...(text && COLOUR.test(text) ? { text } : {}),
		// A remote logo would tell its host when the wallet is opened: only one that came along is shown.
		...(logo?.uri?.startsWith('data:image/') && logo.uri.length <= 200_000 ? { logo: logo.uri } : {}),
		...(logo?.alt_text ? { logoAlt: displayText(logo.alt_text, 120) } : {}),
	};
}

/** The line that tells one document from its like. */
export function subtitle(claims: JsonObject): string {
	for (const names of SUBTITLE_CLAIMS) {
		const words = names.map((name) => claims[name]).filter((value) => typeof value === 'string' && value !== '');
		if (words.length > 0) return displayText(words.join(' '), 80);
	}
	const first = Object.values(claims).find((value) => typeof value === 'string' && !value.startsWith('data:'));
	return typeof first === 'string' ? displayText(first, 80) : '';
}

export function summary(session: Session, doc: Document): CredentialSummary {
	const { first, copies } = doc;
	const parsed = parsedRow(session, first);
	const now = session.clock.now();
	const expired = first.validUntil !== null && first.validUntil <= now;
	const early = first.validFrom !== null && first.validFrom > now;
	const used = copies.map((copy) => copy.lastUsedAt ?? 0).reduce((a, b) => Math.max(a, b), 0);
	return {
		id: first.id,
		format: first.format,
		type: displayText(first.type, 300),
		appearance: appearance(describe(parsed, displayOf(first), LOCALE).title, displayOf(first)),
		issuer: party(session.vault, { id: first.issuer, name: first.issuerName, identifiedBy: 'Its signature was checked when the document was received' }),
		subtitle: subtitle(parsed.claims),
		state: expired ? 'expired' : early ? 'not-yet-valid' : 'valid',
		validFrom: first.validFrom,
		validUntil: first.validUntil,
		receivedAt: first.receivedAt,
		lastUsedAt: used === 0 ? null : used,
		uses: copies.reduce((sum, copy) => sum + copy.uses, 0),
		copies: copies.length,
		withdrawal: withdrawalOf(session, doc),
	};
}

export function detail(session: Session, doc: Document): CredentialDetail {
	const parsed = parsedRow(session, doc.first);
	return {
		summary: summary(session, doc),
		lines: lines(describe(parsed, displayOf(doc.first), LOCALE).lines),
		selective: doc.first.format === 'dc+sd-jwt',
		holderKey: holderKid(doc.first),
		raw: doc.first.raw,
	};
}
