import type { ReportNode } from '@holdfast/kernel';
import { z } from 'zod';

// The shapes that calls share. Text in outputs is already cleaned for display by the vault process.

export const Id = z.string().regex(/^[0-9a-hjkmnp-tv-z]{26}$/);
export const Did = z.string().min(7).max(2048).startsWith('did:');
export const Passphrase = z.string().min(1).max(1024);
/** An offer, a request, a raw credential or a DID, as pasted, scanned or opened: hostile until parsed. */
export const PastedText = z.string().min(1).max(131_072);
export const CredentialFormat = z.enum(['dc+sd-jwt', 'jwt_vc_json']);
export const KeyType = z.enum(['Ed25519', 'Secp256k1', 'Secp256r1', 'X25519']);
/** A claims path pointer (OpenID4VP §7): strings for members, integers for elements, null for every element. */
export const ClaimPath = z
	.array(z.union([z.string().max(256), z.number().int().nonnegative(), z.null()]))
	.min(1)
	.max(16);
export const EpochMs = z.number().int();

export const LockReason = z.enum(['user', 'idle', 'suspend', 'crashed']);

export const Report: z.ZodType<ReportNode> = z.lazy(() =>
	z.strictObject({
		check: z.string(),
		result: z.enum(['passed', 'failed', 'warning', 'skipped']),
		title: z.string(),
		reason: z.string(),
		code: z.string().optional(),
		evidence: z.record(z.string(), z.string()).optional(),
		children: z.array(Report).optional(),
	}),
) as z.ZodType<ReportNode>;

/** One claim as a person reads it. `value` is formatted text; an image is a `data:` URL of a capped size. */
export const ClaimLine = z.strictObject({
	path: ClaimPath,
	label: z.string(),
	value: z.string(),
	kind: z.enum(['text', 'date', 'number', 'boolean', 'image', 'list']),
	/** False where the format or the issuer shows this claim to every verifier. */
	disclosable: z.boolean(),
});

/** How a document looks: from the issuer's metadata, capped and cleaned. Colours are `#rrggbb`. */
export const Appearance = z.strictObject({
	name: z.string(),
	description: z.string().optional(),
	background: z
		.string()
		.regex(/^#[0-9a-f]{6}$/i)
		.optional(),
	text: z
		.string()
		.regex(/^#[0-9a-f]{6}$/i)
		.optional(),
	logo: z.string().startsWith('data:image/').max(200_000).optional(),
	logoAlt: z.string().optional(),
});

/** Somebody on the other side of an exchange, with how we know who it is. */
export const Party = z.strictObject({
	/** The name it gives itself; never proof of who it is. */
	name: z.string(),
	/** DID, URL or client id, as used in the protocol. */
	id: z.string(),
	host: z.string().optional(),
	logo: z.string().startsWith('data:image/').max(200_000).optional(),
	/** In words: "Signed its request with did:web:example.com". */
	identifiedBy: z.string(),
	/** `known`: on the user's own list; `own`: this wallet; `unknown`: neither. */
	standing: z.enum(['own', 'known', 'unknown']),
});

export const CredentialState = z.enum(['valid', 'expired', 'not-yet-valid']);

export const CredentialSummary = z.strictObject({
	id: Id,
	format: CredentialFormat,
	type: z.string(),
	appearance: Appearance,
	issuer: Party,
	/** One line that tells this document from its like: a name, a degree. */
	subtitle: z.string(),
	state: CredentialState,
	validFrom: EpochMs.nullable(),
	validUntil: EpochMs.nullable(),
	receivedAt: EpochMs,
	lastUsedAt: EpochMs.nullable(),
	uses: z.number().int(),
	/** Copies bound to keys of their own, so that presentations cannot be linked by key. */
	copies: z.number().int().positive(),
});

export const CredentialDetail = z.strictObject({
	summary: CredentialSummary,
	lines: z.array(ClaimLine),
	/** Whether the holder can hide single claims of it. */
	selective: z.boolean(),
	holderKey: z.string(),
	raw: z.string(),
});

export const Qr = z.strictObject({
	size: z.number().int().positive(),
	/** `size * size` characters, row by row, `1` for dark. */
	modules: z.string().regex(/^[01]+$/),
});

export const DidMethod = z.enum(['did:key', 'did:jwk', 'did:web', 'did:ethr', 'did:peer', 'did:pkh']);

export const DidSummary = z.strictObject({
	did: Did,
	method: DidMethod,
	alias: z.string().nullable(),
	keyTypes: z.array(KeyType),
	network: z.string().nullable(),
	createdAt: EpochMs,
	/** Where the document has to be published before others can resolve it (did:web). */
	publishAt: z.string().nullable(),
});

export const Resolution = z.strictObject({
	did: z.string(),
	method: z.string(),
	document: z.unknown(),
	ageMs: z.number().nonnegative(),
	fromCache: z.boolean(),
	own: z.boolean(),
});

export const Network = z.strictObject({
	chainId: z.number().int().positive(),
	name: z.string().min(1).max(64),
	rpcUrl: z.url().max(2048),
	ethrRegistry: z
		.string()
		.regex(/^0x[0-9a-fA-F]{40}$/)
		.nullable(),
	custom: z.boolean(),
});

/** A field of a form made from a credential type's JSON Schema. */
export const FormField = z.strictObject({
	path: z.array(z.string()).min(1),
	label: z.string(),
	kind: z.enum(['text', 'date', 'number', 'boolean', 'choice', 'list']),
	required: z.boolean(),
	hint: z.string().optional(),
	options: z.array(z.strictObject({ value: z.string(), label: z.string() })).optional(),
	/** Whether the holder will be able to hide it. */
	disclosable: z.boolean(),
});

export const CredentialType = z.strictObject({
	id: z.string(),
	name: z.string(),
	description: z.string(),
	/** SD-JWT VC type (`vct`) and W3C type. */
	vct: z.string(),
	w3cType: z.string(),
	appearance: Appearance,
	fields: z.array(FormField),
	builtin: z.boolean(),
});

export const OfferState = z.enum(['open', 'redeemed', 'cancelled', 'expired']);

export const Offer = z.strictObject({
	id: Id,
	typeName: z.string(),
	format: CredentialFormat,
	issuerDid: Did,
	/** The line that tells the issuer whom it is for. */
	subtitle: z.string(),
	state: OfferState,
	uri: z.string(),
	qr: Qr,
	/** The transaction code to tell the holder by another way; only in the answer that made the offer. */
	txCode: z.string().nullable(),
	createdAt: EpochMs,
	expiresAt: EpochMs,
	redeemedAt: EpochMs.nullable(),
});

export const Issued = z.strictObject({
	id: Id,
	offerId: Id.nullable(),
	typeName: z.string(),
	format: CredentialFormat,
	issuerDid: Did,
	holder: z.string(),
	subtitle: z.string(),
	issuedAt: EpochMs,
	validUntil: EpochMs.nullable(),
});

export const ReceiveReview = z.strictObject({
	id: Id,
	issuer: Party,
	documents: z.array(
		z.strictObject({
			configurationId: z.string(),
			format: CredentialFormat,
			type: z.string(),
			appearance: Appearance,
			/** Labels of the claims that the issuer says it will contain. */
			claims: z.array(z.string()),
			/** The claims themselves where the document came as a file. */
			lines: z.array(ClaimLine),
			copies: z.number().int().positive(),
		}),
	),
	txCode: z
		.strictObject({
			length: z.number().int().positive().nullable(),
			numeric: z.boolean(),
			description: z.string(),
		})
		.nullable(),
	warnings: z.array(z.string()),
});

export const PresentCandidate = z.strictObject({
	credential: CredentialSummary,
	learned: z.array(ClaimLine),
	hidden: z.array(ClaimLine),
});

export const PresentReview = z.strictObject({
	id: Id,
	verifier: Party,
	purpose: z.string().nullable(),
	/** Why the verifier's identity can be relied on, or not. */
	identification: Report,
	queries: z.array(
		z.strictObject({
			queryId: z.string(),
			/** In words: "Identity card: name, nationality". */
			asks: z.string(),
			required: z.boolean(),
			candidates: z.array(PresentCandidate),
			/** Why nothing in the wallet answers it. */
			missing: z.string().nullable(),
		}),
	),
	/** Query ids of which one alternative must be answered together (DCQL `credential_sets`). */
	sets: z.array(z.strictObject({ required: z.boolean(), options: z.array(z.array(z.string())), purpose: z.string().nullable() })),
	canAnswer: z.boolean(),
	warnings: z.array(z.string()),
	expiresAt: EpochMs.nullable(),
});

export const VerificationState = z.enum(['open', 'received', 'done', 'refused', 'expired', 'cancelled']);

export const Verdict = z.strictObject({
	accepted: z.boolean(),
	/** One sentence for a person. */
	sentence: z.string(),
	report: Report,
	/** `proven`: what was proven without a claim being shown, a sentence each. */
	documents: z.array(
		z.strictObject({ queryId: z.string(), type: z.string(), name: z.string(), issuer: Party, lines: z.array(ClaimLine), proven: z.array(z.string()) }),
	),
});

export const Verification = z.strictObject({
	id: Id,
	title: z.string(),
	/** In words, a line for each credential asked for. */
	asks: z.array(z.string()),
	state: VerificationState,
	uri: z.string(),
	qr: Qr,
	createdAt: EpochMs,
	expiresAt: EpochMs,
	receivedAt: EpochMs.nullable(),
	verdict: Verdict.nullable(),
	/** What the wallet answered when it refused. */
	refusal: z.string().nullable(),
});

/** `ordinary`: which reference string there is for proofs from documents whose issuer takes no part. */
export const ProofStatus = z.strictObject({ ordinary: z.enum(['none', 'development', 'canonical']), mayDevelop: z.boolean() });

export const ServiceStatus = z.strictObject({
	kind: z.enum(['issuer', 'verifier']),
	running: z.boolean(),
	/** The base URL that others use. */
	url: z.string().nullable(),
	host: z.string(),
	port: z.number().int(),
	publicUrl: z.string().nullable(),
});

export const Activity = z.strictObject({
	id: Id,
	at: EpochMs,
	kind: z.enum(['received', 'presented', 'refused', 'issued', 'offered', 'requested', 'verified', 'deleted', 'identity', 'security', 'interrupted']),
	title: z.string(),
	party: Party.nullable(),
	/** What left the wallet, in words; empty when nothing did. */
	shared: z.array(z.string()),
	outcome: z.enum(['done', 'refused', 'failed', 'interrupted']),
	detail: z.string().nullable(),
	report: Report.nullable(),
});

/** Something that happened while the app was not looking, for example an exchange cut off by a crash. */
export const Notice = z.strictObject({
	id: Id,
	kind: z.enum(['interrupted-receive', 'interrupted-present', 'phrase-unconfirmed']),
	title: z.string(),
	text: z.string(),
	/** Set when the exchange can be taken up again. */
	resume: z.boolean(),
});

export const Settings = z.strictObject({
	theme: z.enum(['system', 'light', 'dark']),
	autoLockMinutes: z.number().int().min(1).max(240),
	/** What a check makes of a document whose status list cannot be had. */
	statusUnknown: z.enum(['refuse', 'accept-with-warning']),
});

export const TrustedIssuer = z.strictObject({ issuer: z.string().min(1).max(2048), name: z.string().min(1).max(120), addedAt: EpochMs });
