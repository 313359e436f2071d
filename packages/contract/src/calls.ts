import { z } from 'zod';
import { type Access, call } from './define.ts';
import { deskCalls } from './desk.ts';
import * as s from './shapes.ts';

/** Which process answers: `main` for what needs the shell (clipboard, browser), `vault` for the rest. */
export type Host = 'main' | 'vault';

export interface CallDefinition {
	readonly access: Access;
	readonly host: Host;
	readonly input: z.ZodType;
	readonly output: z.ZodType;
}

const none = z.strictObject({});
const byId = z.strictObject({ id: s.Id });
const byDao = z.strictObject({ daoId: s.Id });

const mainCall = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ access: 'open' as const, host: 'main' as const, input, output });

export const calls = {
	// The shell
	'app.shell': mainCall(
		none,
		z.strictObject({
			version: z.string(),
			shell: z.enum(['electron', 'chromium']),
			note: z.string().nullable(),
			platform: z.string(),
			lockedBecause: s.LockReason.nullable(),
		}),
	),
	/** Copies text. A secret is cleared after 30 seconds if the clipboard still holds it. */
	'app.copy': mainCall(z.strictObject({ text: z.string().max(131_072), secret: z.boolean() }), none),
	/** Asks the user, naming the host, then opens the system's browser. https only. */
	'app.openExternal': mainCall(z.strictObject({ url: z.url({ protocol: /^https$/ }).max(2048) }), z.strictObject({ opened: z.boolean() })),
	/** A link that another program handed to the app, kept until somebody looks at it. */
	'app.takeLink': mainCall(none, z.strictObject({ text: z.string().nullable() })),
	'app.lock': mainCall(none, none),
	/** The whole screen for the window, or its own size again. */
	'app.fullScreen': mainCall(z.strictObject({ on: z.boolean() }), none),

	// The vault
	'vault.status': call('open', none, z.strictObject({ phase: z.enum(['empty', 'locked', 'unlocked']), retryAfterMs: z.number() })),
	'vault.assessPassphrase': call(
		'open',
		z.strictObject({ passphrase: z.string().max(1024) }),
		z.strictObject({ score: z.number().int().min(0).max(4), acceptable: z.boolean(), advice: z.string() }),
	),
	/** Makes the vault and returns its recovery phrase, 24 words. */
	'vault.create': call('open', z.strictObject({ passphrase: s.Passphrase }), z.strictObject({ words: z.array(z.string()).length(24) })),
	'vault.confirmPhrase': call(
		'unlocked',
		z.strictObject({
			answers: z
				.array(z.strictObject({ position: z.number().int().min(1).max(24), word: z.string().max(16) }))
				.min(3)
				.max(24),
		}),
		z.strictObject({ confirmed: z.boolean() }),
	),
	'vault.restore': call('open', z.strictObject({ passphrase: s.Passphrase, words: z.array(z.string().max(16)).min(12).max(24) }), none),
	'vault.unlock': call('open', z.strictObject({ passphrase: s.Passphrase }), none),
	'vault.revealPhrase': call('unlocked', z.strictObject({ passphrase: s.Passphrase }), z.strictObject({ words: z.array(z.string()) })),
	'vault.changePassphrase': call('unlocked', z.strictObject({ current: s.Passphrase, next: s.Passphrase }), none),
	'vault.delete': call('unlocked', z.strictObject({ passphrase: s.Passphrase }), none),

	'settings.get': call('unlocked', none, s.Settings),
	'settings.update': call('unlocked', s.Settings.partial(), s.Settings),
	'notices.list': call('unlocked', none, z.array(s.Notice)),
	'notices.dismiss': call('unlocked', byId, none),

	// Identities
	'dids.list': call('unlocked', none, z.array(s.DidSummary)),
	'dids.create': call(
		'unlocked',
		z.strictObject({
			method: s.DidMethod,
			keyType: s.KeyType.optional(),
			alias: z.string().max(80).optional(),
			chainId: z.number().int().positive().optional(),
			domain: z.string().max(253).optional(),
			path: z.string().max(253).optional(),
		}),
		s.DidSummary,
	),
	'dids.resolve': call('unlocked', z.strictObject({ did: z.string().min(1).max(2048), fresh: z.boolean().optional() }), s.Resolution),
	'dids.rename': call('unlocked', z.strictObject({ did: s.Did, alias: z.string().max(80) }), s.DidSummary),
	'dids.forget': call('unlocked', z.strictObject({ did: s.Did }), none),
	/** Writes did.json into a folder that the host asks the user for. */
	'dids.publishWeb': call('unlocked', z.strictObject({ did: s.Did }), z.strictObject({ path: z.string().nullable() })),
	'networks.list': call('unlocked', none, z.array(s.Network)),
	'networks.save': call('unlocked', s.Network.omit({ custom: true }), z.array(s.Network)),
	'networks.remove': call('unlocked', z.strictObject({ chainId: z.number().int().positive() }), z.array(s.Network)),

	// Wallet
	'credentials.list': call('unlocked', none, z.array(s.CredentialSummary)),
	'credentials.get': call('unlocked', byId, s.CredentialDetail),
	'credentials.delete': call('unlocked', byId, none),
	/** Fetches the issuer's status list, whole, and keeps what it says of this document. */
	'credentials.checkStatus': call('unlocked', byId, s.Withdrawal),
	/** Says what a pasted or scanned text is, without acting on it. */
	'link.classify': call(
		'unlocked',
		z.strictObject({ text: s.PastedText }),
		z.strictObject({ kind: z.enum(['credential-offer', 'presentation-request', 'credential', 'did', 'url', 'other']), words: z.string() }),
	),
	'receive.open': call('unlocked', z.strictObject({ text: s.PastedText }), s.ReceiveReview),
	'receive.approve': call('unlocked', z.strictObject({ id: s.Id, txCode: z.string().max(64).optional() }), z.strictObject({ credentialIds: z.array(s.Id) })),
	'receive.refuse': call('unlocked', byId, none),
	/** Takes up a receive that was cut off. */
	'receive.resume': call('unlocked', byId, z.strictObject({ credentialIds: z.array(s.Id) })),

	// Present
	'present.open': call('unlocked', z.strictObject({ text: s.PastedText }), s.PresentReview),
	'present.approve': call(
		'unlocked',
		z.strictObject({
			id: s.Id,
			choices: z
				.array(z.strictObject({ queryId: z.string().max(256), credentialId: s.Id }))
				.min(1)
				.max(32),
		}),
		/** `show`: the answer as text, where it goes as QR codes on this screen. Nothing was sent then. */
		z.strictObject({ delivered: z.boolean(), redirectUri: z.string().nullable(), show: z.string().nullable() }),
	),
	'present.refuse': call('unlocked', byId, none),
	/** Stops a receive or a present that is under way; what was sent stays sent and is logged. */
	'exchange.cancel': call('unlocked', byId, none),

	// Issue
	'issue.types': call('unlocked', none, z.array(s.CredentialType)),
	'issue.prepare': call(
		'unlocked',
		z.strictObject({
			typeId: z.string().max(128),
			format: s.CredentialFormat,
			issuerDid: s.Did,
			claims: z.record(z.string(), z.json()),
			/** How long the credential is valid, in days from issuance. */
			validDays: z.number().int().min(1).max(36_500),
			/** On what ground, or by which consent, it is issued: kept in the register, no part of the document. */
			basis: s.Basis.optional(),
			delivery: z.discriminatedUnion('kind', [
				z.strictObject({ kind: z.literal('offer'), txCode: z.boolean(), byReference: z.boolean(), expiresInMinutes: z.number().int().min(1).max(43_200) }),
				z.strictObject({ kind: z.literal('direct'), holderDid: s.Did }),
			]),
		}),
		z.strictObject({
			id: s.Id,
			issuer: s.Party,
			typeName: z.string(),
			appearance: s.Appearance,
			format: s.CredentialFormat,
			lines: z.array(s.ClaimLine),
			validFrom: s.EpochMs,
			validUntil: s.EpochMs,
			warnings: z.array(z.string()),
		}),
	),
	'issue.approve': call('unlocked', byId, z.strictObject({ offer: s.Offer.nullable(), credential: z.string().nullable() })),
	'issue.refuse': call('unlocked', byId, none),
	'issue.offers': call('unlocked', none, z.array(s.Offer)),
	'issue.offer': call('unlocked', byId, s.Offer),
	'issue.cancelOffer': call('unlocked', byId, s.Offer),
	'issue.issued': call('unlocked', none, z.array(s.Issued)),
	...deskCalls,
	/** Revokes a document that was issued, with all its copies, for good. By the id of any of them. */
	'issue.revoke': call('unlocked', byId, z.array(s.Issued)),
	/** Writes the signed lists of revoked documents into a folder that the host asks the user for. */
	'issue.publishRevocations': call('unlocked', none, z.strictObject({ path: z.string().nullable() })),

	// Verify
	'verify.presets': call(
		'unlocked',
		none,
		z.array(
			z.strictObject({
				id: z.string(),
				title: z.string(),
				summary: z.string(),
				/** Whether it can be asked so that revoked documents are refused, and so that each holder counts once. */
				can: z.strictObject({ refuseRevoked: z.boolean(), askOnce: z.boolean() }),
			}),
		),
	),
	'verify.prepare': call(
		'unlocked',
		z.strictObject({
			/** For the verifier's own list. */
			title: z.string().min(1).max(120),
			/** Why it is asked; the holder reads it. */
			purpose: z.string().min(1).max(300).optional(),
			request: s.Asked,
			/** A DID that signs the request, or null to be known by the response address alone. */
			verifierDid: s.Did.nullable(),
			encrypted: z.boolean(),
			/** `service` when absent. */
			channel: s.Channel.optional(),
			expiresInMinutes: z.number().int().min(1).max(1440),
		}),
		z.strictObject({ id: s.Id, asks: z.array(z.string()), identifiedAs: z.string(), dcql: z.record(z.string(), z.json()), warnings: z.array(z.string()) }),
	),
	'verify.approve': call('unlocked', byId, s.Verification),
	'verify.discard': call('unlocked', byId, none),
	'verify.list': call('unlocked', none, z.array(s.Verification)),
	'verify.get': call('unlocked', byId, s.Verification),
	'verify.cancel': call('unlocked', byId, s.Verification),
	/** Takes an answer that came as QR codes, by its text. It says itself which request it is for. */
	'verify.answer': call('unlocked', z.strictObject({ text: s.PastedText }), s.Verification),
	/** Checks a credential or presentation given as text. */
	'verify.check': call(
		'unlocked',
		z.strictObject({
			text: s.PastedText,
			nonce: z.string().max(512).optional(),
			audience: z.string().max(2048).optional(),
			/** Asks for the newest status list, even where a good one is kept. */
			fresh: z.boolean().optional(),
			/** For a proof of owning a token: takes whoever the owner lets act for it (delegate.xyz) as well. */
			delegates: z.boolean().optional(),
		}),
		s.Verdict,
	),
	'trust.list': call('unlocked', none, z.array(s.TrustedIssuer)),
	'trust.add': call('unlocked', s.TrustedIssuer.omit({ addedAt: true }), z.array(s.TrustedIssuer)),
	'trust.remove': call('unlocked', z.strictObject({ issuer: z.string().max(2048) }), z.array(s.TrustedIssuer)),

	// Votes in DAOs
	'votes.daos': call('unlocked', none, z.array(s.Dao)),
	/** Reads what a DAO says about itself; nothing is kept. */
	'votes.look': call('unlocked', z.strictObject({ ref: s.DaoRef }), s.FollowReview),
	/** Makes the account for the DAO of a {@link FollowReview}, and keeps both. */
	'votes.follow': call('unlocked', byId, s.Dao),
	/** Forgets the DAO. Its account comes back when it is followed again; votes stay. */
	'votes.unfollow': call('unlocked', byId, none),
	/** The session key of a Snapshot space, if there is one. */
	'votes.sessionKey': call('unlocked', byDao, s.SessionKey.nullable()),
	/** Makes a session key that is to vote for `owner`, and what the owner has to sign for it. Nobody is asked yet. */
	'votes.beginSessionKey': call('unlocked', z.strictObject({ daoId: s.Id, owner: s.EvmAddress }), s.SessionKey),
	/** Takes up a session key of this wallet that the hub lists for `owner`, as after a recovery: the hub learns that somebody asks. */
	'votes.findSessionKey': call('unlocked', z.strictObject({ daoId: s.Id, owner: s.EvmAddress }), s.SessionKey),
	/** What the owner has to sign to end it. It stays in force until that was handed in. */
	'votes.endSessionKey': call('unlocked', byDao, s.SessionKey),
	/** Checks the owner's signature over the open request and hands it in. Null once the key has ended. */
	'votes.handInSessionKey': call('unlocked', z.strictObject({ daoId: s.Id, signature: z.string().max(400) }), s.SessionKey.nullable()),
	/** Takes an open request back. */
	'votes.withdrawSessionKey': call('unlocked', byDao, s.SessionKey.nullable()),
	/** Stops using it here. Snapshot may list it until it expires. */
	'votes.dropSessionKey': call('unlocked', byDao, none),
	'votes.proposals': call('unlocked', z.strictObject({ daoId: s.Id, open: z.boolean() }), z.array(s.ProposalSummary)),
	'votes.proposal': call('unlocked', z.strictObject({ daoId: s.Id, proposalId: s.ProposalId }), s.Proposal),
	/** What a proposal's calls would do, tried out on the network's server, and how power lies in it. Nobody learns who asks. */
	'votes.reading': call('unlocked', z.strictObject({ daoId: s.Id, proposalId: s.ProposalId }), s.ProposalReading),
	/** Asks the DAO about its account: whoever answers learns the address. */
	'votes.standing': call('unlocked', z.strictObject({ daoId: s.Id, proposalId: s.ProposalId, safeId: s.Id.optional() }), s.VoteStanding),
	/** `safeId`, on Snapshot: the Safe, one of the DAOs that are followed, in whose name it is. Its owners sign it together. */
	'votes.prepare': call(
		'unlocked',
		z.strictObject({ daoId: s.Id, proposalId: s.ProposalId, choice: s.VoteChoice, reason: z.string().max(2000), safeId: s.Id.optional() }),
		s.VoteReview,
	),
	/** The same for typed data from elsewhere (`eth_signTypedData_v4`'s parameter as JSON). */
	'votes.prepareTypedData': call('unlocked', z.strictObject({ daoId: s.Id, text: s.PastedText }), s.VoteReview),
	/** A delegation of the account's own power to itself, which tokens need before a vote begins. */
	'votes.prepareActivation': call('unlocked', byDao, s.VoteReview),
	/** Files that describe contracts (ERC-7730): words beside what Holdfast decodes by itself. */
	'descriptions.list': call('unlocked', none, z.array(s.ContractDescription)),
	/** Adds files, all or none; one of the same name is replaced. */
	'descriptions.add': call('unlocked', z.strictObject({ files: z.array(s.DescriptionFile).min(1).max(50) }), z.array(s.ContractDescription)),
	'descriptions.remove': call('unlocked', byId, z.array(s.ContractDescription)),
	/** A Safe's transactions. Asks the network's node how far one is. */
	'safe.state': call('unlocked', z.strictObject({ daoId: s.Id, proposalId: s.ProposalId }), s.SafeState),
	/** Makes a transaction of one call for the owners to sign, as the next one of the Safe. `value` in wei. */
	'safe.propose': call(
		'unlocked',
		z.strictObject({ daoId: s.Id, to: s.EvmAddress, value: z.string().regex(/^\d{1,78}$/), data: s.HexBytes }),
		z.strictObject({ proposalId: s.ProposalId }),
	),
	/** Takes in a file from another owner: its transaction or message, and those signatures that are right. */
	'safe.takeFile': call(
		'unlocked',
		z.strictObject({ daoId: s.Id, text: s.SafeFileText }),
		z.strictObject({ kind: z.enum(['transaction', 'message']), proposalId: s.ProposalId, title: z.string() }),
	),
	/** Votes on Snapshot in the Safe's name that wait here. Nobody is asked. */
	'safe.messages': call('unlocked', byDao, z.array(s.SafeMessageSummary)),
	/** One of them in words. Asks the hub about the proposal, and the network's node about the owners. */
	'safe.message': call('unlocked', z.strictObject({ daoId: s.Id, messageId: s.ProposalId }), s.SafeMessage),
	/** The review of one that another owner began, to be approved with `votes.approve`. */
	'safe.prepareMessage': call('unlocked', z.strictObject({ daoId: s.Id, messageId: s.ProposalId }), s.VoteReview),
	/** Has the Safe itself check the owners' signatures, on the user's node, and hands the vote in. */
	'safe.sendMessage': call('unlocked', z.strictObject({ daoId: s.Id, messageId: s.ProposalId }), s.Vote),
	/** Writes a transaction or message with its signatures as a file for the other owners. Null where no folder was chosen. */
	'safe.writeFile': call('unlocked', z.strictObject({ daoId: s.Id, proposalId: s.ProposalId }), z.strictObject({ path: z.string().nullable() })),
	/** Forgets a transaction here. Signatures that were given out stay good. */
	'safe.forget': call('unlocked', z.strictObject({ daoId: s.Id, proposalId: s.ProposalId }), none),
	/** Asks the owners' service what waits: it learns the Safe. */
	'safe.collect': call(
		'unlocked',
		byDao,
		z.strictObject({ transactions: z.number().int(), votes: z.number().int(), refused: z.number().int(), signaturesLeftOut: z.number().int() }),
	),
	/** Leaves the account's signature at the owners' service, where it did not arrive when it was made. */
	'safe.leave': call('unlocked', z.strictObject({ daoId: s.Id, proposalId: s.ProposalId }), none),
	/** The key that the service wants, kept in the vault and never shown again; null takes it away. */
	'safe.setServiceKey': call('unlocked', z.strictObject({ daoId: s.Id, key: z.string().min(1).max(2000).nullable() }), none),
	/** Signs, and hands the vote in, or only gives the signature. */
	'votes.approve': call('unlocked', z.strictObject({ id: s.Id, submit: z.boolean() }), s.Vote),
	'votes.refuse': call('unlocked', byId, none),
	'votes.list': call('unlocked', none, z.array(s.Vote)),
	'votes.get': call('unlocked', byId, s.Vote),
	/** Looks whether a vote counted: whoever answers learns that somebody asks about it. */
	'votes.check': call('unlocked', byId, s.Vote),

	// Collections of tokens, each with an account of its own
	'assets.list': call('unlocked', none, z.array(s.Collection)),
	/** Makes the account for a collection. What is not given (its name, how it counts) is asked of the network's node. */
	'assets.add': call(
		'unlocked',
		z.strictObject({ chainId: s.ChainId, contract: s.EvmAddress, standard: s.TokenStandard.optional(), name: z.string().min(1).max(80).optional() }),
		s.Collection,
	),
	/** Forgets a collection. Its account is the same one when it is added again. */
	'assets.remove': call('unlocked', byId, none),
	/** Asks the network's node what the account owns. */
	'assets.tokens': call('unlocked', byId, s.Tokens),
	/** Wallets elsewhere that have tokens of a collection. */
	'assets.wallets': call('unlocked', byId, z.array(s.AssetWallet)),
	'assets.addWallet': call('unlocked', z.strictObject({ id: s.Id, address: s.EvmAddress }), z.array(s.AssetWallet)),
	'assets.removeWallet': call('unlocked', z.strictObject({ id: s.Id, address: s.EvmAddress }), z.array(s.AssetWallet)),
	/** Asks the network's node what such a wallet has, and whether the collection's account may prove it. */
	'assets.walletTokens': call(
		'unlocked',
		z.strictObject({ id: s.Id, address: s.EvmAddress }),
		s.Tokens.extend({ standing: z.enum(['own', 'delegate', 'none']).nullable() }),
	),
	/** Prepares a proof that the account owns a token, for a verifier outside of OpenID4VP. */
	'ownership.prepare': call(
		'unlocked',
		z.strictObject({
			collectionId: s.Id,
			tokenId: s.TokenId,
			/** The wallet that has it, where it is not the account itself. */
			wallet: s.EvmAddress.optional(),
			/** How the verifier calls itself. */
			verifier: z.string().min(1).max(2048),
			/** What the verifier gave, so that the proof is good for one request. */
			nonce: z.string().min(1).max(512),
			purpose: z.string().max(300),
		}),
		s.OwnershipReview,
	),
	'ownership.approve': call('unlocked', byId, z.strictObject({ bundle: z.string() })),
	'ownership.discard': call('unlocked', byId, none),

	// The verifier's station: one policy, one person after the other, without a network
	'station.policies': call('unlocked', none, z.array(s.StationPolicy)),
	/** Adds a policy, or changes the one with this id. */
	'station.savePolicy': call('unlocked', s.StationPolicyInput.extend({ id: s.Id.optional() }), z.array(s.StationPolicy)),
	'station.removePolicy': call('unlocked', byId, z.array(s.StationPolicy)),
	/** Writes a policy as a file, signed by one of this wallet's DIDs. Null where no folder was chosen. */
	'station.exportPolicy': call('unlocked', z.strictObject({ id: s.Id, signerDid: s.Did }), z.strictObject({ path: z.string().nullable() })),
	/** Reads and verifies a policy file. Nothing is kept before somebody has read it. */
	'station.openPolicy': call('unlocked', z.strictObject({ text: s.PastedText }), s.PolicyReview),
	/** Keeps a policy that was read, with the DID of this wallet that signs its requests. */
	'station.keepPolicy': call('unlocked', z.strictObject({ id: s.Id, verifierDid: s.Did.nullable() }), z.array(s.StationPolicy)),
	/** Requests made ahead for a queue of people: each has a nonce of its own and is answered once. Nothing of them is stored. */
	'station.requests': call('unlocked', z.strictObject({ policyId: s.Id, count: z.number().int().min(1).max(50) }), z.array(s.StationRequest)),
	/** Takes an answer and judges it. The log gets the policy and the verdict, nothing about the person. */
	'station.answer': call(
		'unlocked',
		z.strictObject({ text: s.PastedText }),
		z.strictObject({
			requestId: s.Id,
			policyId: s.Id,
			verdict: s.Verdict,
			/** When the issuer signed the oldest status list that the verdict rests on; null where it rests on none. */
			statusAsOf: s.EpochMs.nullable(),
		}),
	),
	/** How old what is known of the trusted issuers and their status lists is. `refresh` asks the network first. */
	'station.trust': call('unlocked', z.strictObject({ refresh: z.boolean() }), s.StationKnowledge),

	// Choices of owners who are not named
	/** Describes a group: the collection's owners at a block that the network keeps. A text to hand to everybody who takes part. */
	'owners.define': call(
		'unlocked',
		z.strictObject({ collectionId: s.Id, days: z.number().int().min(1).max(365) }),
		z.strictObject({ group: s.OwnersGroupText }),
	),
	/** Prepares the public statement that one of the wallet's tokens takes part. */
	'owners.prepareLink': call('unlocked', z.strictObject({ group: s.OwnersGroupText, tokenId: s.TokenId }), s.OwnershipReview),
	'owners.approveLink': call('unlocked', byId, z.strictObject({ statement: z.string() })),
	/** Reads a group and the list of statements, one for each line. Nothing is checked or asked yet. */
	'owners.open': call('unlocked', z.strictObject({ group: s.OwnersGroupText, statements: z.string().max(33_554_432) }), s.OwnersGroup),
	/**
	 * Rebuilds an open group. Reports how far it is; stopped by `exchange.cancel`. With `blockHash`, which somebody looked up, no node
	 * is asked.
	 */
	'owners.rebuild': call('unlocked', z.strictObject({ id: s.Id, blockHash: s.BlockHash.optional() }), s.OwnersCrowd),
	/** Prepares a choice in a group that is rebuilt. */
	'owners.prepareChoice': call('unlocked', z.strictObject({ id: s.Id, purpose: s.ShortText, choice: s.ShortText }), s.OwnershipReview),
	/** Makes the proof. Reports how far it is; stopped by `exchange.cancel`. */
	'owners.approveChoice': call('unlocked', byId, z.strictObject({ text: z.string() })),
	/** Checks somebody's choice against a group that is rebuilt, and counts it if it is the first. Any choice is taken where none are listed. */
	'owners.check': call(
		'unlocked',
		z.strictObject({ id: s.Id, text: s.PastedText, purpose: s.ShortText, choices: z.array(s.ShortText).max(50) }),
		s.OwnersVerdict,
	),
	/** Drops a group or a review that is open. */
	'owners.discard': call('unlocked', byId, none),

	// Proofs from ordinary documents, which need a reference string
	'proofs.status': call('unlocked', none, s.ProofStatus),
	/** Takes over the canonical reference string from a folder that the host asks the user for. */
	'proofs.importReferenceString': call('unlocked', none, s.ProofStatus),
	/** Makes a reference string for development, in builds that accept one. Takes half a minute. */
	'proofs.developReferenceString': call('unlocked', none, s.ProofStatus),

	// Services that other people's software talks to
	'services.status': call('unlocked', none, z.array(s.ServiceStatus)),
	'services.interfaces': call('unlocked', none, z.array(z.strictObject({ host: z.string(), label: z.string() }))),
	'services.start': call(
		'unlocked',
		z.strictObject({
			kind: z.enum(['issuer', 'verifier']),
			host: z.string().max(64),
			port: z.number().int().min(0).max(65_535),
			publicUrl: z.url().max(512).nullable(),
		}),
		z.array(s.ServiceStatus),
	),
	'services.stop': call('unlocked', z.strictObject({ kind: z.enum(['issuer', 'verifier']) }), z.array(s.ServiceStatus)),

	// Log
	'activity.list': call(
		'unlocked',
		z.strictObject({ before: s.EpochMs.optional(), limit: z.number().int().min(1).max(200), kind: s.Activity.shape.kind.optional() }),
		z.array(s.Activity),
	),
	'activity.get': call('unlocked', byId, s.Activity),
} satisfies Record<string, CallDefinition>;

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>;

export const isCallName = (name: unknown): name is CallName => typeof name === 'string' && Object.hasOwn(calls, name);
