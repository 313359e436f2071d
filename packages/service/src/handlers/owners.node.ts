import type { OwnersCrowd, OwnersGroup as OwnersGroupView, OwnershipReview } from '@holdfast/contract';
import { displayText, group, type ReportNode } from '@holdfast/kernel';
import {
	choiceText,
	collectEvidence,
	countsAt,
	definitionText,
	type GroupDefinition,
	type LinkStatement,
	linkStatement,
	linkTypedData,
	type OwnersGroup,
	type OwnershipEvidence,
	type PublishedLinks,
	proveChoice,
	publishedLine,
	type Review,
	readChoice,
	readDefinition,
	readPublished,
	rebuildGroup,
	reviewTypedData,
	SMALL_CROWD,
	scopeOf,
	signReviewed,
	verifyChoice,
	withLink,
} from '@holdfast/web3';
import { getAddress } from 'viem';
import { record } from '../activity.node.ts';
import { accountFor, networkName, sourceFor, storedCollection } from '../assets/collections.node.ts';
import { blockToDefine, groupName, identityIn, ownBlock, ownersOf, trustedBlock } from '../assets/owners.node.ts';
import { ServiceError } from '../errors.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';

/** A group that somebody looks at, with what was published; `rebuilt` once this wallet has checked it. */
export interface OwnersSubject {
	readonly definition: GroupDefinition;
	readonly published: PublishedLinks;
	rebuilt?: { readonly owners: OwnersGroup; readonly block: ReportNode };
}

/** A statement that waits for approval, and what proves to everybody that its owner owned the token. */
export interface LinkSubject {
	readonly review: Review;
	readonly statement: LinkStatement;
	readonly evidence: OwnershipEvidence;
	readonly name: string;
}

/** A choice that waits for approval: the very words that were shown. */
export interface ChoiceSubject {
	readonly owners: OwnersGroup;
	readonly definition: GroupDefinition;
	readonly purpose: string;
	readonly choice: string;
}

const DAY_SEC = 86_400;
/** `exchange.progress` counts in these, whatever is under way. */
const STEPS = 100;

const isOver = (session: Session, { expiresAt }: GroupDefinition): boolean => session.clock.now() >= Number(expiresAt) * 1000;

function notOver(session: Session, definition: GroupDefinition): void {
	if (isOver(session, definition)) throw new ServiceError('owners/over', 'This group has ended. Whoever asks has to make a new one.');
}

/** What is proven is what was read: text that display would change is refused. */
function shownWhole(text: string): string {
	if (text !== displayText(text, 300)) {
		throw new ServiceError('owners/hidden-text', 'This holds characters that cannot be seen, or more than one space in a row. Type it by hand.');
	}
	return text;
}

function opened(session: Session, id: string): OwnersSubject & Required<Pick<OwnersSubject, 'rebuilt'>> {
	const { definition, published, rebuilt } = session.reviews.get('owners', id);
	if (!rebuilt) throw new ServiceError('owners/not-rebuilt', 'The group has to be rebuilt first.');
	return { definition, published, rebuilt };
}

const day = (sec: bigint): string => new Date(Number(sec) * 1000).toISOString().slice(0, 10);

/** Runs what takes long under an id: it can be stopped, and tells how far it is, in whole steps. */
async function underWay<T>(
	session: Session,
	id: string,
	step: string,
	work: (signal: AbortSignal, progress: (share: number) => void) => Promise<T>,
): Promise<T> {
	if (session.running.has(id)) throw new ServiceError('owners/running', 'This is already under way.');
	const controller = new AbortController();
	session.running.set(id, controller);
	let told = -1;
	const progress = (share: number): void => {
		const done = Math.floor(share * STEPS);
		if (done === told) return;
		told = done;
		session.emit('exchange.progress', { id, step, done, of: STEPS });
	};
	try {
		progress(0);
		return await work(controller.signal, progress);
	} catch (error) {
		if (controller.signal.aborted) throw new ServiceError('owners/cancelled', 'You stopped this.', {}, error);
		throw error;
	} finally {
		session.running.delete(id);
	}
}

const blockAndGroup = ({ owners, block }: Required<OwnersSubject>['rebuilt']): ReportNode =>
	group({ check: 'owners', title: 'Group', passed: owners.report.reason, failed: 'There is no such group.' }, [block, owners.report]);

const reviewView = (id: string, { sentence, lines, warnings }: Pick<Review, 'sentence' | 'lines' | 'warnings'>): OwnershipReview => ({
	id,
	sentence: displayText(sentence, 700),
	lines: lines.map(({ label, value }) => ({ label, value: displayText(value, 2500) })),
	warnings: [...warnings],
});

export const ownersHandlers: Handlers<
	| 'owners.define'
	| 'owners.prepareLink'
	| 'owners.approveLink'
	| 'owners.open'
	| 'owners.rebuild'
	| 'owners.prepareChoice'
	| 'owners.approveChoice'
	| 'owners.check'
	| 'owners.discard'
> = {
	'owners.define': async ({ collectionId, days }, session) => {
		const row = storedCollection(session, collectionId);
		if (row.standard !== 'erc721') throw new ServiceError('owners/not-erc721', 'Only where every token has one owner (ERC-721) can owners choose like this.');
		const { header } = await blockToDefine(sourceFor(session, row.chainId));
		const definition = {
			chainId: row.chainId,
			collection: getAddress(row.contract),
			blockNumber: header.number,
			blockHash: header.hash,
			expiresAt: BigInt(Math.floor(session.clock.now() / 1000) + days * DAY_SEC),
		};
		return { group: definitionText(definition) };
	},

	'owners.prepareLink': async ({ group: text, tokenId }, session) => {
		const definition = readDefinition(text.trim());
		notOver(session, definition);
		const { chainId, collection } = definition;
		const row = session.vault.collections.find(chainId, getAddress(collection));
		if (!row) throw new ServiceError('assets/no-such-collection', 'This group is of a collection that is not in your wallet. Add it under Assets first.');
		const identity = identityIn(session, definition);
		const account = withLink(accountFor(session, row), definition, identity);
		const source = sourceFor(session, chainId);
		const block = await ownBlock(source, definition);
		const token = { chainId, standard: 'erc721', collection, tokenId: BigInt(tokenId) } as const;
		const evidence = (await collectEvidence({ source, block, token, holder: account.address })).evidence();
		const statement = linkStatement(definition, {
			owner: account.address,
			tokenId: token.tokenId,
			commitment: identity.commitment,
			expiresAt: definition.expiresAt,
		});
		const review = reviewTypedData(account, { typedData: linkTypedData(statement) }, session.clock);
		return reviewView(session.reviews.open('link', { review, statement, evidence, name: row.name }), review);
	},

	'owners.approveLink': ({ id }, session) => {
		const { review, statement, evidence, name } = session.reviews.take('link', id);
		const signature = signReviewed(review, session.vault);
		record(session, {
			kind: 'presented',
			title: `You take part in unnamed choices of ${name}’s owners`,
			shared: [`Address ${statement.owner}`, `Token ${displayText(String(statement.tokenId), 80)}`],
			detail: `As of block ${statement.blockNumber}, until ${day(statement.expiresAt)}`,
		});
		return { statement: publishedLine({ statement, signature }, evidence) };
	},

	'owners.open': ({ group: text, statements }, session): OwnersGroupView => {
		const definition = readDefinition(text.trim());
		const published = readPublished(statements);
		return {
			id: session.reviews.open('owners', { definition, published }),
			name: groupName(session, definition),
			network: networkName(session, definition.chainId),
			contract: getAddress(definition.collection),
			block: String(definition.blockNumber),
			blockHash: definition.blockHash,
			endsAt: Number(definition.expiresAt) * 1000,
			isOver: isOver(session, definition),
			statements: published.links.length,
		};
	},

	'owners.rebuild': ({ id, blockHash }, session): Promise<OwnersCrowd> => {
		const subject = session.reviews.get('owners', id);
		const { definition, published } = subject;
		return underWay(session, id, 'Checking who owned a token', async (signal, progress) => {
			const block = await trustedBlock(session, definition, blockHash as `0x${string}` | undefined);
			const owners = await rebuildGroup({
				set: definition,
				links: published.links,
				at: countsAt(definition),
				proveOwner: ownersOf(session, definition, published, blockHash === undefined),
				signal,
				onProgress: (done, of) => progress(done / of),
			});
			subject.rebuilt = { owners, block };
			return {
				owners: owners.owners,
				isSmall: owners.owners < SMALL_CROWD,
				isMember: owners.members.has(identityIn(session, definition).commitment),
				counted: published.links.length - owners.refused.length,
				refused: owners.refused.length,
				report: blockAndGroup(subject.rebuilt),
			};
		});
	},

	'owners.prepareChoice': ({ id, purpose, choice }, session) => {
		const { definition, rebuilt } = opened(session, id);
		notOver(session, definition);
		const { owners } = rebuilt;
		if (!owners.members.has(identityIn(session, definition).commitment)) {
			throw new ServiceError('owners/not-linked', 'You are not in this group: your own statement is not in the list, or does not count.');
		}
		const subject = { owners, definition, purpose: shownWhole(purpose), choice: shownWhole(choice) };
		const name = groupName(session, definition);
		return reviewView(session.reviews.open('choice', subject), {
			sentence: `Choose “${choice}” as an owner of ${name} who is not named`,
			lines: [
				{ label: 'What it is about', value: purpose },
				{ label: 'Your choice', value: choice },
				{ label: 'Collection', value: `${name} (${getAddress(definition.collection)} on ${networkName(session, definition.chainId)})` },
				{ label: 'As of block', value: String(definition.blockNumber) },
				{ label: 'You hide among', value: owners.owners === 1 ? 'Nobody: you alone take part' : `${owners.owners} accounts that take part` },
			],
			warnings: [
				...(owners.owners < SMALL_CROWD
					? [
							`${owners.owners === 1 ? 'Only your account takes part' : `Only ${owners.owners} accounts take part`}, fewer than ${SMALL_CROWD}: who made this choice can be guessed.`,
						]
					: []),
				'You can choose once. A second, different choice for this is seen to come from the same owner, and does not count.',
				'Whoever you send it to sees when it comes, and over which connection.',
			],
		});
	},

	'owners.approveChoice': ({ id }, session) => {
		const { owners, definition, purpose, choice } = session.reviews.take('choice', id);
		notOver(session, definition);
		return underWay(session, id, 'Making the proof', async (signal, progress) => {
			const { prover } = await session.proofs.membership();
			const identity = identityIn(session, definition);
			const made = await proveChoice({ owners, identity, purposeId: purpose, choice, prover }, { signal, onProgress: progress });
			record(session, {
				kind: 'presented',
				title: `Choice made as an unnamed owner of ${groupName(session, definition)}`,
				shared: ['That an owner made it, and not which'],
				// Not the choice: whoever opens this log some day need not know it.
				detail: purpose,
			});
			return { text: choiceText(made) };
		});
	},

	'owners.check': async ({ id, text, purpose, choices }, session) => {
		const { rebuilt } = opened(session, id);
		const { owners } = rebuilt;
		const { vault, clock } = session;
		const sent = text.trim();
		const { report: verdict, choice } = await verifyChoice({
			text: sent,
			owners,
			purposeId: shownWhole(purpose),
			...(choices.length === 0 ? {} : { choices }),
			verifyMembership: (await session.proofs.membership()).verify,
			nullifiers: {
				// Read once more for its words alone: by now it is known to be well-formed.
				claim: async (entry) => vault.ownerChoices.claim({ ...entry, choice: readChoice(sent).choice, at: clock.now() }),
			},
			now: clock,
		});
		const report: ReportNode = { ...verdict, children: [rebuilt.block, ...(verdict.children ?? [])] };
		const accepted = verdict.result !== 'failed';
		return {
			accepted,
			sentence: verdict.reason,
			choice: choice === undefined ? null : displayText(choice, 1024),
			counts: vault.ownerChoices.counts(String(scopeOf(owners.groupId, purpose))).map((each) => ({ ...each, choice: displayText(each.choice, 1024) })),
			report,
		};
	},

	'owners.discard': ({ id }, session) => {
		session.reviews.discard(id);
		return {};
	},
};
