import { createHash } from 'node:crypto';
import type { ApprovalRule, BatchApproval } from '@holdfast/contract';
import { displayText, epochSeconds, type JsonObject } from '@holdfast/kernel';
import { signJwt } from '@holdfast/oid4vc';
import type { BatchRow } from '@holdfast/vault';
import { z } from 'zod';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';
import { readSigned, signedBy } from '../signed-file.node.ts';
import { credentialType } from '../types.node.ts';

// Four eyes: a large batch is issued only once other people have approved exactly these rows. They do it in wallets of their own: the
// request and their approvals are files, signed by their DIDs. docs/desk.md says what that protects from.

const REQUEST_TYP = 'org.holdfast.batch-approval-request+jwt';
const APPROVAL_TYP = 'org.holdfast.batch-approval+jwt';
const MOST_CHARACTERS = 64 * 1024;
const EXAMPLES = 5;
const PART = 1000;

const RULE = 'desk.approval-rule';
const Rule: z.ZodType<ApprovalRule> = z.object({
	from: z.number().int(),
	needed: z.number().int(),
	approvers: z.array(z.object({ did: z.string(), name: z.string() })),
});
const zDigest = z.string().regex(/^[0-9a-f]{64}$/);
const Approvals = z.array(z.object({ did: z.string(), digest: zDigest, at: z.number() }));

const Request = z.strictObject({
	...signedBy,
	batch: z.strictObject({
		id: z.string().min(1).max(64),
		name: z.string().max(300),
		type: z.string().max(300),
		documents: z.number().int().positive(),
		delivery: z.enum(['offers', 'signed']),
		validDays: z.number().int().positive(),
		examples: z.array(z.string().max(300)).max(EXAMPLES),
		digest: zDigest,
	}),
});
export type ApprovalRequest = z.output<typeof Request>;
const Approval = z.strictObject({ ...signedBy, batch: z.string().min(1).max(64), digest: zDigest });

export const approvalRule = (session: Session): ApprovalRule | null => session.vault.settings.get(RULE, Rule.nullable()) ?? null;

/** @throws ServiceError approvals/own-identity, approvals/too-few, approvals/twice */
export function setApprovalRule(session: Session, rule: ApprovalRule | null): void {
	const dids = new Set(rule?.approvers.map(({ did }) => did));
	if (rule && dids.size < rule.approvers.length) throw new ServiceError('approvals/twice', 'One identity stands twice among those who approve.');
	if (rule && rule.needed > dids.size) throw new ServiceError('approvals/too-few', 'More approvals are asked for than there are people to give them.');
	if ([...dids].some((did) => session.vault.dids.get(did)))
		throw new ServiceError('approvals/own-identity', 'This is an identity of this wallet. Somebody else approves, in a wallet of their own.');
	session.vault.settings.set(RULE, rule);
}

const settingOf = (batchId: string): string => `desk.approvals:${batchId}`;
const kept = (session: Session, batchId: string) => session.vault.settings.get(settingOf(batchId), Approvals) ?? [];

/** A row was changed: what was approved is not what would be issued. */
export const forgetApprovals = (session: Session, batchId: string): void => session.vault.settings.set(settingOf(batchId), []);

/** Stands for every row that would be issued: its line, its claims, and for whom it is signed. SHA-256, hexadecimal. */
function digestOf(session: Session, batch: BatchRow): string {
	const hash = createHash('sha256');
	hash.update(JSON.stringify([batch.id, batch.typeId, batch.format, batch.issuerDid, batch.validDays, batch.delivery]));
	for (let after = -1; ; ) {
		const items = session.vault.batches.items(batch.id, { state: 'waiting', after, limit: PART });
		for (const { position, claims, holder } of items) hash.update(`\n${JSON.stringify([position, claims, holder])}`);
		if (items.length < PART) return hash.digest('hex');
		after = items.at(-1)?.position ?? after;
	}
}

/** Whose approval a batch needs before it is issued, and who has given it; null where it needs none. */
export function approvalOf(session: Session, batch: BatchRow, waiting: number): BatchApproval | null {
	const rule = approvalRule(session);
	if (!rule || batch.state !== 'draft' || waiting < rule.from) return null;
	const given = new Set(kept(session, batch.id).map(({ did }) => did));
	return { needed: rule.needed, approvers: rule.approvers.map(({ did, name }) => ({ name, hasApproved: given.has(did) })) };
}

/** @throws ServiceError batch/needs-approval where too few of those who may have approved exactly these rows */
export function assertApproved(session: Session, batch: BatchRow, waiting: number): void {
	const rule = approvalRule(session);
	if (!rule || waiting < rule.from) return;
	const digest = digestOf(session, batch);
	const given = new Set(kept(session, batch.id).flatMap((each) => (each.digest === digest ? [each.did] : [])));
	const have = rule.approvers.filter(({ did }) => given.has(did)).length;
	if (have < rule.needed) {
		throw new ServiceError(
			'batch/needs-approval',
			`${rule.needed} ${rule.needed === 1 ? 'person has' : 'people have'} to approve these rows first, and ${have} ${have === 1 ? 'has' : 'have'}.`,
			{
				needed: rule.needed,
				have,
			},
		);
	}
}

/** The file for those who approve, signed by the identity that would sign the documents. */
export async function writeRequest(session: Session, batch: BatchRow): Promise<string> {
	const { waiting } = session.vault.batches.counts(batch.id);
	const signer = await session.agent.didSigner(batch.issuerDid, { relationship: 'assertionMethod' });
	const examples = session.vault.batches.items(batch.id, { state: 'waiting', limit: EXAMPLES }).map(({ label }) => label);
	const payload = {
		iss: batch.issuerDid,
		iat: epochSeconds(session.clock),
		batch: {
			id: batch.id,
			name: batch.name,
			type: credentialType(session.vault, batch.typeId).name,
			documents: waiting,
			delivery: batch.delivery,
			validDays: batch.validDays,
			examples,
			digest: digestOf(session, batch),
		},
	};
	return signJwt(signer, { typ: REQUEST_TYP, kid: signer.kid ?? batch.issuerDid }, payload as unknown as JsonObject);
}

function opened<T>(read: T | 'malformed' | 'not-authentic', what: string): T {
	if (read === 'malformed')
		throw new ServiceError('approvals/malformed', `This is not ${what} that this version of Holdfast understands. Ask for the file again.`);
	if (read === 'not-authentic')
		throw new ServiceError('approvals/not-authentic', 'This file was changed after it was signed, or is not from whom it says. Ask for it again.');
	return read;
}

const compact = (text: string): string => {
	const trimmed = text.trim();
	if (trimmed.length > MOST_CHARACTERS) throw new ServiceError('approvals/malformed', 'This file is larger than such a file can be.');
	return trimmed;
};

/** @throws ServiceError approvals/malformed, approvals/not-authentic; `did/*` */
export async function readRequest(session: Session, text: string): Promise<ApprovalRequest> {
	return opened(await readSigned(session, compact(text), REQUEST_TYP, Request), 'a request for approval');
}

export async function writeApproval(session: Session, { batch }: ApprovalRequest, did: string): Promise<string> {
	const signer = await session.agent.didSigner(did, { relationship: 'assertionMethod' });
	const payload = { iss: did, iat: epochSeconds(session.clock), batch: batch.id, digest: batch.digest };
	return signJwt(signer, { typ: APPROVAL_TYP, kid: signer.kid ?? did }, payload);
}

/**
 * Takes in an approval.
 * @throws ServiceError approvals/malformed, approvals/not-authentic, approvals/not-listed, approvals/other-batch, approvals/other-rows; `did/*`
 */
export async function takeApproval(session: Session, batch: BatchRow, text: string): Promise<string> {
	const approval = opened(await readSigned(session, compact(text), APPROVAL_TYP, Approval), 'an approval');
	const approver = approvalRule(session)?.approvers.find(({ did }) => did === approval.iss);
	if (!approver) throw new ServiceError('approvals/not-listed', 'This approval is from somebody who is not among those who approve.');
	if (approval.batch !== batch.id) throw new ServiceError('approvals/other-batch', 'This approval is for another table.');
	if (approval.digest !== digestOf(session, batch))
		throw new ServiceError('approvals/other-rows', 'This approval is for other rows than those that would be issued now. Ask for it again.');
	const others = kept(session, batch.id).filter(({ did }) => did !== approval.iss);
	session.vault.settings.set(settingOf(batch.id), [...others, { did: approval.iss, digest: approval.digest, at: session.clock.now() }]);
	return displayText(approver.name, 120);
}
