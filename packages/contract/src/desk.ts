import { z } from 'zod';
import { call } from './define.ts';
import { Appearance, Basis, ClaimLine, CredentialFormat, Did, EpochMs, Id, Party } from './shapes.ts';

// The issuer's desk: the register of what was issued, status lists, documents issued by the table, types of one's own.

const none = z.strictObject({});
const byId = z.strictObject({ id: Id });

export const IssuedState = z.enum(['valid', 'suspended', 'revoked']);

/** Which documents of the register: all that is given has to fit. */
export const RegisterFilter = z.strictObject({
	typeId: z.string().max(128).optional(),
	state: IssuedState.optional(),
	batchId: Id.optional(),
	/** Part of the line that says for whom it is, or of the ground. */
	text: z.string().max(200).optional(),
	issuedFrom: EpochMs.optional(),
	issuedBefore: EpochMs.optional(),
});

/** One document that was issued; its copies are one entry. */
export const RegisterEntry = z.strictObject({
	/** Of the document: its offer's id, or its own. */
	id: Id,
	offerId: Id.nullable(),
	batchId: Id.nullable(),
	typeId: z.string(),
	typeName: z.string(),
	format: CredentialFormat,
	issuerDid: Did,
	subtitle: z.string(),
	copies: z.number().int().positive(),
	issuedAt: EpochMs,
	validUntil: EpochMs.nullable(),
	state: IssuedState,
	changedAt: EpochMs.nullable(),
	/** The ground or consent that was written down when it was issued. */
	basis: z.string().nullable(),
	/** False where it was issued without a status: it ends when it expires, and nothing ends it before. */
	canBeWithdrawn: z.boolean(),
});

/** What can be done to documents that were issued. Revoking is final. */
export const RegisterAction = z.enum(['revoke', 'suspend', 'reinstate']);

/** Where status lists are found: at the issuing service's own address, or below a web address whose folder Holdfast writes to. */
export const StatusPlace = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('service'), url: z.string().nullable() }),
	z.strictObject({ kind: z.literal('folder'), baseUrl: z.string(), folder: z.string() }),
]);

export const StatusListSummary = z.strictObject({
	id: Id,
	issuerDid: Did,
	uri: z.string(),
	size: z.number().int(),
	used: z.number().int(),
	/** Entries that are suspended or revoked. */
	withdrawn: z.number().int(),
	signedAt: EpochMs.nullable(),
	publishedAt: EpochMs.nullable(),
	/** Changes that are not yet where others look. A list that the service gives out is signed anew when it is asked for. */
	behind: z.boolean(),
});

/** What a column of a file is. */
export const ColumnUse = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('claim'), path: z.array(z.string().max(256)).min(1).max(16) }),
	/** The holder's DID, for signing without an offer. */
	z.strictObject({ kind: z.literal('holder') }),
	/** An address to send the offer to; not part of the document. */
	z.strictObject({ kind: z.literal('contact') }),
	z.strictObject({ kind: z.literal('nothing') }),
]);

/** A file that was opened, as a person sees it before anything is read for good. */
export const ImportPreview = z.strictObject({
	id: Id,
	name: z.string(),
	kind: z.enum(['csv', 'xlsx', 'ods']),
	sheets: z.array(z.string()),
	sheet: z.string().nullable(),
	encoding: z.string().nullable(),
	delimiter: z.string().nullable(),
	columns: z.array(z.strictObject({ name: z.string(), samples: z.array(z.string()), suggested: ColumnUse })),
	/** Names of columns that no field of the document has. */
	unknown: z.array(z.string()),
	/** Required fields that no column fits. */
	missing: z.array(z.string()),
});

/** What is wrong with one cell, and how to mend it. `column` is null where a whole row is meant. */
export const CellProblem = z.strictObject({
	column: z.number().int().nonnegative().nullable(),
	columnName: z.string(),
	code: z.string(),
	message: z.string(),
	mend: z.string(),
});

export const BatchState = z.enum(['reading', 'draft', 'running', 'paused', 'done', 'cancelled']);
export const BatchRowState = z.enum(['wrong', 'waiting', 'done', 'left-out']);

/** From how many rows on a table needs how many approvals, and of whom. */
export const ApprovalRule = z.strictObject({
	from: z.number().int().min(1).max(10_000_000),
	needed: z.number().int().min(1).max(20),
	approvers: z
		.array(z.strictObject({ did: Did, name: z.string().min(1).max(120) }))
		.min(1)
		.max(20),
});

export const BatchApproval = z.strictObject({
	needed: z.number().int(),
	approvers: z.array(z.strictObject({ name: z.string(), hasApproved: z.boolean() })),
});

/** Somebody else's batch that waits for an approval. What it says is what its issuer signed. */
export const ApprovalReview = z.strictObject({
	id: Id,
	issuer: Party,
	name: z.string(),
	type: z.string(),
	documents: z.number().int(),
	delivery: z.enum(['offers', 'signed']),
	validDays: z.number().int(),
	/** For whom the first documents are. */
	examples: z.array(z.string()),
	/** Stands for all rows (SHA-256). */
	digest: z.string(),
	signedAt: EpochMs,
	warnings: z.array(z.string()),
});

export const Batch = z.strictObject({
	id: Id,
	/** Of the file. */
	name: z.string(),
	state: BatchState,
	/** It was running when the wallet was closed or locked: it goes on from where it stopped when it is resumed. */
	interrupted: z.boolean(),
	typeId: z.string(),
	typeName: z.string(),
	format: CredentialFormat,
	issuer: Party,
	validDays: z.number().int(),
	delivery: z.enum(['offers', 'signed']),
	expiresInMinutes: z.number().int(),
	columns: z.array(z.strictObject({ name: z.string(), use: z.string() })),
	counts: z.strictObject({ wrong: z.number().int(), waiting: z.number().int(), done: z.number().int(), leftOut: z.number().int() }),
	/** Whose approval it needs before it is issued; null where it needs none. */
	approval: BatchApproval.nullable(),
	basis: z.string().nullable(),
	/** About the whole: another alphabet in a column, formulas, rows that were issued before. */
	warnings: z.array(z.string()),
	createdAt: EpochMs,
	changedAt: EpochMs,
});

export const BatchItem = z.strictObject({
	/** Line of the file. */
	position: z.number().int(),
	state: BatchRowState,
	label: z.string(),
	/** As they stand in the file, or were mended. Gone once the row was issued. */
	cells: z.array(z.string()).nullable(),
	problems: z.array(CellProblem),
	offerId: Id.nullable(),
});

/** A type of document of one's own. */
export const TypeDraft = z.strictObject({
	/** Absent for a new one. */
	id: z.string().max(128).optional(),
	/** `vct` of SD-JWT VC: a web address or a urn. Made from the id where it is absent. */
	vct: z.string().max(512).optional(),
	names: z
		.array(
			z.strictObject({
				locale: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/),
				name: z.string().min(1).max(80),
				description: z.string().max(300).optional(),
			}),
		)
		.min(1)
		.max(12),
	background: z.string().regex(/^#[0-9a-f]{6}$/i),
	text: z.string().regex(/^#[0-9a-f]{6}$/i),
	logo: z
		.strictObject({
			/** PNG, JPEG or WebP. */
			dataUrl: z
				.string()
				.regex(/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*$/)
				.max(200_000),
			alt: z.string().max(120),
		})
		.nullable(),
	content: z.discriminatedUnion('kind', [
		z.strictObject({
			kind: z.literal('fields'),
			fields: z
				.array(
					z.strictObject({
						name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
						kind: z.enum(['text', 'date', 'number', 'boolean', 'choice', 'list']),
						required: z.boolean(),
						/** Whether the holder can hide it. */
						hideable: z.boolean(),
						options: z.array(z.string().min(1).max(200)).max(200),
						labels: z.array(z.strictObject({ locale: z.string().max(35), label: z.string().min(1).max(80) })).max(12),
					}),
				)
				.min(1)
				.max(100),
		}),
		/** A JSON Schema 2020-12 of an object; every claim at its first level can be hidden. */
		z.strictObject({ kind: z.literal('schema'), schema: z.string().min(2).max(65_536) }),
	]),
});

export const deskCalls = {
	// The register
	'register.list': call(
		'unlocked',
		z.strictObject({ filter: RegisterFilter, limit: z.number().int().min(1).max(200), offset: z.number().int().nonnegative().optional() }),
		z.strictObject({ entries: z.array(RegisterEntry), documents: z.number().int(), copies: z.number().int() }),
	),
	/** A review of what would be withdrawn, suspended or reinstated. */
	'register.prepare': call(
		'unlocked',
		z.strictObject({ action: RegisterAction, documents: z.union([z.array(Id).min(1).max(1000), RegisterFilter]) }),
		z.strictObject({
			id: Id,
			action: RegisterAction,
			documents: z.number().int(),
			copies: z.number().int(),
			/** The first of them, in words. */
			examples: z.array(z.string()),
			warnings: z.array(z.string()),
		}),
	),
	/** Does it, signs the lists anew and publishes them. Progress is told under the review's id. */
	'register.approve': call(
		'unlocked',
		byId,
		z.strictObject({ documents: z.number().int(), copies: z.number().int(), published: z.boolean(), problem: z.string().nullable() }),
	),
	'register.discard': call('unlocked', byId, none),
	/** Writes what fits as CSV into a folder that the host asks for. */
	'register.export': call('unlocked', z.strictObject({ filter: RegisterFilter }), z.strictObject({ path: z.string().nullable(), documents: z.number().int() })),

	// Status lists
	'status.lists': call('unlocked', none, z.array(StatusListSummary)),
	'status.place': call('unlocked', none, StatusPlace),
	/** For a folder, the host asks which one. Lists that exist stay where they are. */
	'status.setPlace': call(
		'unlocked',
		z.discriminatedUnion('kind', [
			z.strictObject({ kind: z.literal('service') }),
			z.strictObject({ kind: z.literal('folder'), baseUrl: z.url({ protocol: /^https?$/ }).max(1024) }),
		]),
		StatusPlace,
	),
	/** Signs every list anew and writes those that have a folder. */
	'status.publish': call('unlocked', none, z.array(StatusListSummary)),
	/** One list, signed: for whoever publishes it by other means. */
	'status.token': call('unlocked', byId, z.strictObject({ uri: z.string(), token: z.string() })),

	// Documents by the table
	/** Asks the host for a file, and looks into it. Null where none was chosen. */
	'import.open': call('unlocked', z.strictObject({ typeId: z.string().max(128) }), ImportPreview.nullable()),
	/** Looks again, with another sheet, encoding or delimiter. */
	'import.look': call(
		'unlocked',
		z.strictObject({
			id: Id,
			typeId: z.string().max(128),
			sheet: z.string().max(255).optional(),
			encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']).optional(),
			delimiter: z.enum([',', ';', '\t', '|']).optional(),
		}),
		ImportPreview,
	),
	/** Reads and checks every row. Nothing is issued: the batch is a draft. Progress and cancelling go by the import's id. */
	'batch.check': call(
		'unlocked',
		z.strictObject({
			importId: Id,
			typeId: z.string().max(128),
			format: CredentialFormat,
			issuerDid: Did,
			validDays: z.number().int().min(1).max(36_500),
			delivery: z.discriminatedUnion('kind', [
				z.strictObject({ kind: z.literal('offers'), expiresInMinutes: z.number().int().min(1).max(525_600) }),
				z.strictObject({ kind: z.literal('signed') }),
			]),
			/** On what ground, or by which consent, every row is issued. */
			basis: Basis.optional(),
			columns: z.array(ColumnUse).min(1).max(1024),
			/** Rows that another batch has issued already are taken again. */
			again: z.boolean().optional(),
		}),
		Batch,
	),
	'batch.list': call('unlocked', none, z.array(Batch)),
	'batch.get': call('unlocked', byId, Batch),
	'batch.rows': call(
		'unlocked',
		z.strictObject({ id: Id, state: BatchRowState.optional(), after: z.number().int().optional(), limit: z.number().int().min(1).max(200) }),
		z.array(BatchItem),
	),
	/** The document that a row would become. */
	'batch.preview': call(
		'unlocked',
		z.strictObject({ id: Id, position: z.number().int() }),
		z.strictObject({ appearance: Appearance, lines: z.array(ClaimLine) }),
	),
	/** Puts other texts into a row's cells, and checks it again. */
	'batch.mend': call('unlocked', z.strictObject({ id: Id, position: z.number().int(), cells: z.array(z.string().max(32_767)).max(1024) }), BatchItem),
	/** Starts issuing. Wrong rows are left out, or are a reason not to start. Progress is told under the batch's id. */
	'batch.approve': call('unlocked', z.strictObject({ id: Id, leaveOutWrong: z.boolean() }), Batch),
	'batch.pause': call('unlocked', byId, Batch),
	'batch.resume': call('unlocked', byId, Batch),
	/** Ends it: what is not issued stays unissued. */
	'batch.cancel': call('unlocked', byId, Batch),
	/** Forgets it. What was issued stays issued, and in the register. */
	'batch.delete': call('unlocked', byId, none),
	/**
	 * Writes into a folder that the host asks for: `links` as a table for mail merge, `sheet` as a PDF with a code for each person,
	 * `credentials` of a signed batch, or `problems` of its wrong cells. Progress and cancelling go by the batch's id.
	 */
	'batch.export': call(
		'unlocked',
		z.strictObject({ id: Id, what: z.enum(['links', 'sheet', 'credentials', 'problems']) }),
		z.strictObject({ path: z.string().nullable(), rows: z.number().int() }),
	),

	// Approvals of others for large batches
	'approvals.rule': call('unlocked', none, z.strictObject({ rule: ApprovalRule.nullable() })),
	/** The log keeps every change. */
	'approvals.setRule': call('unlocked', z.strictObject({ rule: ApprovalRule.nullable() }), z.strictObject({ rule: ApprovalRule.nullable() })),
	/** Writes the file that is handed to those who approve. Null where no folder was chosen. */
	'approvals.request': call('unlocked', byId, z.strictObject({ path: z.string().nullable() })),
	/** Reads somebody else's request. */
	'approvals.open': call('unlocked', z.strictObject({ text: z.string().min(1).max(131_072) }), ApprovalReview),
	/** Approves it with one of this wallet's DIDs, as a file. */
	'approvals.sign': call('unlocked', z.strictObject({ id: Id, did: Did }), z.strictObject({ path: z.string().nullable() })),
	'approvals.discard': call('unlocked', byId, none),
	/** Takes in an approval for a batch. */
	'approvals.take': call('unlocked', z.strictObject({ id: Id, text: z.string().min(1).max(131_072) }), z.strictObject({ by: z.string() })),

	// Types of one's own
	'types.draft': call('unlocked', z.strictObject({ id: z.string().max(128) }), TypeDraft),
	/** Makes a type, or changes one that nothing was issued of. */
	'types.save': call('unlocked', TypeDraft, z.strictObject({ id: z.string() })),
	'types.remove': call('unlocked', z.strictObject({ id: z.string().max(128) }), none),
} as const;
