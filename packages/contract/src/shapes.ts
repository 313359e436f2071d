import { displayText, type ReportNode } from '@holdfast/kernel';
import { z } from 'zod';

// The shapes that calls share. Text in outputs is already cleaned for display by the vault process.

export const Id = z.string().regex(/^[0-9a-hjkmnp-tv-z]{26}$/);
export const Did = z.string().min(7).max(2048).startsWith('did:');
export const Passphrase = z.string().min(1).max(1024);
/** An offer, a request, a raw credential or a DID, as pasted, scanned or opened: hostile until parsed. */
/** A ground or a consent, in the issuer's words. */
export const Basis = z.string().min(1).max(300);
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

/** Whether its issuer has withdrawn a document, as its list said that was signed at `asOf`. `unclear`: a status whose meaning is not agreed. */
export const Withdrawal = z.strictObject({ state: z.enum(['in-force', 'withdrawn', 'suspended', 'unclear']), asOf: EpochMs, checkedAt: EpochMs });

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
	/** What the holder's last look found; null where they have not looked. */
	withdrawal: Withdrawal.nullable(),
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
	/** `none`: it was issued without what revoking needs. Copies of one offer are revoked together. */
	revocation: z.enum(['none', 'possible', 'revoked']),
	revokedAt: EpochMs.nullable(),
});

/** What a holder is known again for: shown to them as it is. */
export const MarkPurpose = z
	.string()
	.min(1)
	.max(120)
	.refine((text) => displayText(text, 120) === text);

/** Seconds that an issuer's list of revoked documents may be old. */
export const RevocationAge = z.number().int().min(60).max(31_536_000);

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

export const EvmAddress = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
/** How a collection counts: one owner for each token (ERC-721), or a balance for each owner and id (ERC-1155). */
export const TokenStandard = z.enum(['erc721', 'erc1155']);
/** A token's number in its collection: up to 256 bits, in decimal digits. */
export const TokenId = z.string().regex(/^(0|[1-9]\d{0,77})$/);
export const ChainId = z.number().int().positive();

/** A collection of tokens, and the account that the wallet has for it alone. */
export const Collection = z.strictObject({
	id: Id,
	chainId: ChainId,
	/** The network's name. */
	network: z.string(),
	contract: EvmAddress,
	standard: TokenStandard,
	name: z.string(),
	/** Where to receive tokens of it. */
	account: EvmAddress,
	addedAt: EpochMs,
});

export const Tokens = z.strictObject({
	/** ERC-1155: how many of each; `1` otherwise. */
	tokens: z.array(z.strictObject({ tokenId: TokenId, amount: z.string() })),
	/** False where there may be more than could be found. */
	complete: z.boolean(),
	/** Whose node was asked, and so learned which account looks at which collection. */
	asked: z.string(),
});

/** A wallet elsewhere that has tokens of a collection. */
export const AssetWallet = z.strictObject({
	address: EvmAddress,
	/** What its owner sends from it, to let the collection's account prove what it has (delegate.xyz), and to end that. */
	grant: z.strictObject({ to: z.string(), data: z.string() }),
	withdrawal: z.strictObject({ to: z.string(), data: z.string() }),
});

/** What is about to be signed, in words. */
export const OwnershipReview = z.strictObject({
	id: Id,
	sentence: z.string(),
	lines: z.array(z.strictObject({ label: z.string(), value: z.string() })),
	warnings: z.array(z.string()),
});

/** The description of a group of owners, as it is handed around: hostile until parsed. */
export const OwnersGroupText = z.string().min(1).max(4096);
/** A choice, and what it is about. */
export const ShortText = z.string().min(1).max(300);
export const BlockHash = z.string().regex(/^0x[0-9a-fA-F]{64}$/);

/** A group of owners who choose without being named: whose, at which block, until when. */
export const OwnersGroup = z.strictObject({
	id: Id,
	/** The collection, by the wallet's own name for it, or its address. */
	name: z.string(),
	network: z.string(),
	contract: EvmAddress,
	block: z.string(),
	blockHash: BlockHash,
	endsAt: EpochMs,
	isOver: z.boolean(),
	/** Lines in the list; how many count is known once the group is rebuilt. */
	statements: z.number().int(),
});

/** A group as this wallet rebuilt it. */
export const OwnersCrowd = z.strictObject({
	/** Accounts that a choice may come from. */
	owners: z.number().int(),
	/** Fewer than it takes not to be guessed. */
	isSmall: z.boolean(),
	/** Whether this wallet is in it, and so can choose. */
	isMember: z.boolean(),
	counted: z.number().int(),
	refused: z.number().int(),
	report: Report,
});

export const OwnersVerdict = z.strictObject({
	accepted: z.boolean(),
	sentence: z.string(),
	/** Null where it was not accepted. */
	choice: z.string().nullable(),
	/** All choices that this wallet has counted for the group and the purpose. */
	counts: z.array(z.strictObject({ choice: z.string(), count: z.number().int() })),
	report: Report,
});

/** What answers a query: a document, or a token of a collection. */
export const Answer = CredentialSummary.pick({
	id: true,
	appearance: true,
	issuer: true,
	subtitle: true,
	state: true,
	validFrom: true,
	validUntil: true,
}).extend({
	kind: z.enum(['document', 'token']),
});

export const PresentCandidate = z.strictObject({
	credential: Answer,
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
	/** How the answer gets to the verifier: over the network, or as QR codes on this screen. */
	answerBy: z.enum(['network', 'qr']),
	warnings: z.array(z.string()),
	expiresAt: EpochMs.nullable(),
});

export const VerificationState = z.enum(['open', 'received', 'done', 'refused', 'expired', 'cancelled']);

export const Channel = z.enum(['service', 'qr']);

export const Verdict = z.strictObject({
	accepted: z.boolean(),
	/** One sentence for a person. */
	sentence: z.string(),
	report: Report,
	/** `proven`: what was proven without a claim being shown, a sentence each. */
	documents: z.array(
		z.strictObject({
			queryId: z.string(),
			/** `token`: nobody issued anything, a contract says who owns what. */
			kind: z.enum(['document', 'token']),
			type: z.string(),
			name: z.string(),
			issuer: Party,
			lines: z.array(ClaimLine),
			proven: z.array(z.string()),
		}),
	),
});

export const Verification = z.strictObject({
	id: Id,
	title: z.string(),
	/** In words, a line for each credential asked for. */
	asks: z.array(z.string()),
	state: VerificationState,
	/** How it is answered: by the verifier service, or by QR codes, without a network. */
	channel: Channel,
	uri: z.string(),
	/** Null where the request is a film of codes: whoever shows it makes the frames from `uri`. */
	qr: Qr.nullable(),
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
	kind: z.enum(['received', 'presented', 'refused', 'issued', 'offered', 'requested', 'verified', 'deleted', 'identity', 'security', 'voted', 'interrupted']),
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
	kind: z.enum(['interrupted-receive', 'interrupted-present', 'interrupted-vote', 'phrase-unconfirmed']),
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
	/** Makes proofs that are asked for often while nobody uses the computer, to have them ready. */
	provesAhead: z.boolean(),
});

export const TrustedIssuer = z.strictObject({ issuer: z.string().min(1).max(2048), name: z.string().min(1).max(120), addedAt: EpochMs });

/** https, or http on this computer. */
const Endpoint = z.url({ protocol: /^https?$/ }).max(512);
/** Decides nothing: the vault process finds what belongs to it, or nothing. */
export const ProposalId = z.string().min(1).max(128);

/** Where a DAO votes. */
export const DaoRef = z.discriminatedUnion('system', [
	z.strictObject({
		system: z.literal('snapshot'),
		space: z
			.string()
			.regex(/^[a-z0-9.:_-]+$/)
			.max(128),
		hubUrl: Endpoint,
		sequencerUrl: Endpoint,
		gatewayUrl: Endpoint,
	}),
	z.strictObject({ system: z.enum(['governor', 'bravo', 'baal']), chainId: z.number().int().positive(), contract: EvmAddress }),
	z.strictObject({
		system: z.literal('safe'),
		chainId: z.number().int().positive(),
		contract: EvmAddress,
		/** The transaction service that its owners use, up to `/api`; null where they hand each other files. */
		serviceUrl: Endpoint.nullable(),
	}),
]);

export const Fact = z.strictObject({ label: z.string(), value: z.string() });

export const Dao = z.strictObject({
	id: Id,
	name: z.string(),
	system: z.enum(['snapshot', 'governor', 'bravo', 'baal', 'safe']),
	/** In words: "Snapshot space name.eth". */
	where: z.string(),
	/** The address of the account that was made for it. */
	account: EvmAddress,
	/** The host of a Safe's transaction service. */
	safeService: z.string().nullable(),
	addedAt: EpochMs,
	/** Who learns what when something about it is read or voted. */
	learns: z.array(z.string()),
});

/**
 * A session key of a Snapshot space: it votes in the name of `owner`, an account whose key is elsewhere. `asked` until the owner's
 * signature was taken. `request` is what the owner has to sign now, to begin or to end it.
 */
export const SessionKey = z.strictObject({
	owner: EvmAddress,
	address: EvmAddress,
	state: z.enum(['asked', 'in-force', 'expired']),
	/** When Snapshot ends it by itself; null while it is only asked for. */
	expiresAt: EpochMs.nullable(),
	request: z
		.strictObject({
			act: z.enum(['begin', 'end']),
			sentence: z.string(),
			lines: z.array(Fact),
			warnings: z.array(z.string()),
			/** The parameter of `eth_signTypedData_v4`, as JSON. */
			typedData: z.string(),
			/** What is signed (EIP-712), to compare on the owner's device. */
			digest: z.string(),
			/** After that the service takes it no more, and a new request is needed. */
			until: EpochMs,
			/** The host that it goes to. */
			taker: z.string(),
		})
		.nullable(),
});

/** What a DAO says about itself, and the account that would be made for it. */
export const FollowReview = z.strictObject({
	id: Id,
	dao: Dao.omit({ id: true, addedAt: true }),
	facts: z.array(Fact),
	/** Where the power to vote comes from. */
	power: z.string(),
	/** What the account will be able to sign, in words. */
	signs: z.array(z.string()),
	/** How the account gets power to vote, and what each way hides. */
	ways: z.array(z.strictObject({ name: z.string(), hidesWallet: z.boolean(), words: z.string() })),
});

export const ProposalState = z.enum(['pending', 'open', 'passed', 'failed', 'queued', 'executed', 'cancelled', 'closed']);

export const ProposalSummary = z.strictObject({
	id: ProposalId,
	title: z.string(),
	state: ProposalState,
	startsAt: EpochMs.nullable(),
	endsAt: EpochMs.nullable(),
});

/** A piece of a text that has been read from Markdown: pictures are gone, and a link says its host. */
export const TextBlock = z.strictObject({
	kind: z.enum(['heading', 'paragraph', 'item', 'quote', 'code', 'rule']),
	parts: z.array(z.strictObject({ text: z.string(), strong: z.boolean(), url: z.string().nullable() })),
});

export const Proposal = ProposalSummary.extend({
	daoId: Id,
	daoName: z.string(),
	author: z.string(),
	/** When voting ends, in words, where it is not a time. */
	ends: z.string(),
	body: z.array(TextBlock),
	voting: z.enum(['one', 'several', 'ranked', 'weights']),
	/** How choices are counted, where that is not plain. */
	counting: z.string().nullable(),
	options: z.array(z.strictObject({ value: z.number().int(), label: z.string(), power: z.string().nullable() })),
	secretUntilClose: z.boolean(),
	takesReason: z.boolean(),
	/** Calls that it would make on chain. */
	calls: z.array(z.strictObject({ target: z.string(), value: z.string(), data: z.string(), delegate: z.boolean() })),
	report: Report,
	/** Why it cannot be voted on, in words. */
	obstacle: z.string().nullable(),
});

/** A call in words, and the calls that it makes others do. */
const ActionWords = z.strictObject({
	words: z.string(),
	to: z.string(),
	/** The function as it is spelled; null where nobody here knows it. */
	signature: z.string().nullable(),
	data: z.string(),
	/** The same in the words of a file that the user added, which nobody checked. */
	described: z.strictObject({ owner: z.string(), intent: z.string(), lines: z.array(Fact) }).nullable(),
	get inside() {
		return z.array(ActionWords);
	},
});

const Share = z.number().min(0).max(1);

export const ProposalReading = z.strictObject({
	actions: z.array(ActionWords),
	/** What to look at twice, the worst first. */
	flags: z.array(z.strictObject({ code: z.string(), severity: z.enum(['danger', 'warning', 'note']), message: z.string() })),
	/** What would move, in words; null where nobody could try it out. */
	effects: z.array(z.string()).nullable(),
	/** How power lies among those who have voted; null where the DAO does not tell. */
	power: z
		.strictObject({
			voters: z.number().int(),
			top1: Share,
			top3: Share,
			top10: Share,
			/** The fewest voters who decide alone; null where those who are known cannot. */
			nakamoto: z.number().int().nullable(),
			/** What the shares are of: all votes there are, or those that were cast. */
			of: z.enum(['all', 'cast']),
			own: Share,
			/** How much of the quorum is there: 1 is all of it. Null where there is none. */
			quorum: z.number().min(0).nullable(),
		})
		.nullable(),
});

export const VoteStanding = z.strictObject({ power: z.string().nullable(), voted: z.string().nullable(), obstacle: z.string().nullable() });

const Option = z.number().int().min(0).max(1000);
export const VoteChoice = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('one'), option: Option }),
	z.strictObject({ kind: z.literal('several'), options: z.array(Option).max(500) }),
	z.strictObject({ kind: z.literal('ranked'), options: z.array(Option).max(500) }),
	z.strictObject({ kind: z.literal('weights'), weights: z.record(z.string().regex(/^\d{1,4}$/), z.number().min(0).max(1e9)) }),
]);

/** What will be signed, in words, from the vault process. */
export const VoteReview = z.strictObject({
	id: Id,
	sentence: z.string(),
	lines: z.array(Fact),
	warnings: z.array(z.string()),
	/** Whether the vote is handed in from here, or its signature given to somebody who sends a transaction. */
	way: z.enum(['submit', 'relay']),
	/** The endpoint that takes it. */
	taker: z.string().nullable(),
	digest: z.string(),
});

/** Call data: any number of bytes. */
export const HexBytes = z
	.string()
	.max(200_000)
	.regex(/^0x(?:[0-9a-fA-F]{2})*$/);
/** As large as a transaction with all its owners' signatures can be. */
export const SafeFileText = z.string().min(1).max(500_000);

/** A file that describes contracts (ERC-7730). `owner` is what it says itself; null for a file that others only build on. */
export const ContractDescription = z.strictObject({
	id: Id,
	file: z.string(),
	owner: z.string().nullable(),
	contracts: z.array(z.strictObject({ network: z.string(), address: z.string() })),
	functions: z.number().int(),
	addedAt: EpochMs,
});
export const DescriptionFile = z.strictObject({ name: z.string().min(1).max(200), text: z.string().min(1).max(524_288) });

/** How far a Safe's transaction is, and what carries it out once enough owners have signed and it is its turn. */
export const SafeState = z.strictObject({
	signers: z.array(EvmAddress),
	need: z.number().int(),
	/** Whether this DAO's account has signed. */
	own: z.boolean(),
	/** The host of the owners' transaction service. */
	service: z.string().nullable(),
	execution: z.strictObject({ chainId: z.number().int(), to: z.string(), data: z.string() }).nullable(),
	/** Why it cannot be carried out now, in words. */
	waits: z.string().nullable(),
});

/** A Safe's message that waits for its owners: always a vote of the Safe on Snapshot. */
export const SafeMessageSummary = z.strictObject({
	id: ProposalId,
	title: z.string(),
	/** Snapshot takes it no more from then on. */
	until: EpochMs,
	/** How many have signed. */
	signatures: z.number().int(),
});

export const SafeMessage = SafeMessageSummary.extend({
	safeName: z.string(),
	/** The DAO on Snapshot, and its proposal. */
	spaceId: Id,
	proposalId: ProposalId,
	sentence: z.string(),
	lines: z.array(Fact),
	warnings: z.array(z.string()),
	/** Owners whose signatures are in it, each recovered from its signature. */
	signers: z.array(EvmAddress),
	need: z.number().int(),
	/** Whether this wallet's account is an owner, and has signed. */
	isOwner: z.boolean(),
	own: z.boolean(),
	/** Where it goes. */
	taker: z.string(),
	/** The host of the owners' transaction service, where they can leave their signatures for each other. */
	service: z.string().nullable(),
	/** Why it is neither signed nor handed in any more, in words. */
	over: z.string().nullable(),
	/** What it waits for before it can be handed in, in words; null where it can, or is over. */
	waits: z.string().nullable(),
	/** The vote in this wallet's list, once it was signed or handed in here. */
	voteId: Id.nullable(),
});

export const Vote = z.strictObject({
	id: Id,
	daoId: Id.nullable(),
	daoName: z.string(),
	proposalId: ProposalId,
	title: z.string(),
	/** What was approved: `Vote “For” on “…”`. */
	sentence: z.string(),
	/** `sending`: handed in, and no answer was seen. */
	state: z.enum(['sending', 'sent', 'signed', 'failed']),
	at: EpochMs,
	signer: z.string(),
	voter: z.string(),
	signature: z.string(),
	/** What was signed and what was answered, as JSON, for whoever wants to keep it elsewhere. */
	receipt: z.string(),
	/** The transaction that brings it onto the chain. */
	relay: z.strictObject({ chainId: z.number().int(), to: z.string(), data: z.string() }).nullable(),
	/** For a vote in the name of a Safe: where its owners' signatures are collected. */
	safe: z.strictObject({ daoId: Id, messageId: ProposalId }).nullable(),
	check: z.strictObject({ state: z.enum(['counted', 'not-counted', 'replaced', 'unknown']), words: z.string(), report: Report, at: EpochMs }).nullable(),
});

/** What is asked for: a common request, claims of one type, or a query of one's own (DCQL). */
export const Asked = z.discriminatedUnion('kind', [
	z.strictObject({
		kind: z.literal('preset'),
		presetId: z.string().max(128),
		/** Ask for a proof that the document is not revoked as well, by a list no older than this, and for nothing in its place. */
		notRevoked: z.strictObject({ maxAgeSec: RevocationAge }).optional(),
		/** Accept each holder once for this purpose, by a mark that tells nothing else. Takes a `verifierDid`. */
		once: z.strictObject({ purpose: MarkPurpose }).optional(),
	}),
	z.strictObject({ kind: z.literal('claims'), typeId: z.string().max(128), format: CredentialFormat, paths: z.array(ClaimPath).min(1).max(64) }),
	z.strictObject({ kind: z.literal('dcql'), dcql: z.record(z.string(), z.json()) }),
	/** That the holder owns a token of a collection: this one, or any. */
	z.strictObject({
		kind: z.literal('ownership'),
		chainId: ChainId,
		contract: EvmAddress,
		standard: TokenStandard,
		tokenId: TokenId.nullable(),
		/** Accept as well whoever the owner lets act for it (delegate.xyz). Default: the owner alone. */
		delegates: z.boolean().optional(),
		/** The oldest block whose state is accepted, in seconds. Default: an hour. */
		maxBlockAgeSec: z.number().int().min(60).max(86_400).optional(),
	}),
]);

/** What a verifier's station asks of each person, and how it goes about it. */
export const StationPolicyInput = z.strictObject({
	title: z.string().min(1).max(120),
	/** Why it is asked; the holder reads it. */
	purpose: z.string().min(1).max(300).nullable(),
	request: Asked,
	/** A DID that signs the requests, or null. */
	verifierDid: Did.nullable(),
	/** Whether the answer is sealed, so that nobody who films the holder's screen can read it. */
	encrypted: z.boolean(),
	/** Seconds that a verdict stands before the next person's turn. */
	resetSeconds: z.number().int().min(2).max(60),
	/** Minutes that a request waits for its answer. */
	requestMinutes: z.number().int().min(1).max(60),
	/** Whether what was shown stands on the station's screen beside the verdict. It is never kept. */
	showClaims: z.boolean(),
	/** Hours that an issuer's keys are believed without a network, counted from when they were last fetched. */
	trustHours: z.number().int().min(0).max(168),
	/** Addresses of status lists to have before the doors open; others are known once a document that names them was shown. */
	statusLists: z.array(Endpoint).max(20).optional(),
});

export const StationPolicy = StationPolicyInput.extend({
	id: Id,
	/** In words, a line for each credential asked for. */
	asks: z.array(z.string()),
	createdAt: EpochMs,
});

/** A policy that came as a signed file, in words. */
export const PolicyReview = z.strictObject({
	id: Id,
	title: z.string(),
	purpose: z.string().nullable(),
	/** Whose DID signed it; the signature was verified. */
	signer: Party,
	signedAt: EpochMs,
	/** A line for each credential asked for. */
	asks: z.array(z.string()),
	/** How the station goes about it, line by line. */
	terms: z.array(z.string()),
	/** Whether one of this wallet's DIDs has to sign the requests. */
	needsIdentity: z.boolean(),
	warnings: z.array(z.string()),
});

/** One person's request, made ahead. */
export const StationRequest = z.strictObject({ id: Id, uri: z.string(), expiresAt: EpochMs });

/** What a station knows of a trusted issuer without a network. */
export const StationTrust = z.strictObject({
	issuer: z.string(),
	name: z.string(),
	/** `always`: its keys are in its name. `cached`: they were fetched `ageMs` ago. `missing`: the network is needed. */
	keys: z.enum(['always', 'cached', 'missing']),
	ageMs: z.number().nonnegative().nullable(),
});

/** What a station knows without a network: the trusted issuers' keys, and the status lists that it has seen, the oldest fetched `listsAgeMs` ago. */
export const StationKnowledge = z.strictObject({
	issuers: z.array(StationTrust),
	lists: z.number().int().nonnegative(),
	listsAgeMs: z.number().nonnegative().nullable(),
	/** Addresses that a policy names and whose list is not there yet. */
	listsMissing: z.array(z.string()),
});
