import { type Clock, displayText, epochSeconds, failed, group, passed, type ReportNode, warning } from '@holdfast/kernel';
import type { SemaphoreVerifier } from '@holdfast/semaphore';
import { type AnonymousChoice, readChoice } from './choice.ts';
import { LinkedError, type LinkedErrorCode } from './errors.ts';
import { messageOf, scopeOf } from './meaning.ts';
import type { OwnersGroup } from './owners-group.ts';

/** Where a verifier remembers who has proven. */
export interface NullifierStore {
	/**
	 * In one step that nothing can come between, and lasting when it returns: keeps `message` under scope and nullifier unless there is one
	 * already. Gives the message that was there before, if any. Decimal texts, of one spelling each.
	 */
	claim(entry: { readonly scope: string; readonly nullifier: string; readonly message: string }): Promise<string | undefined>;
}

export interface VerifyChoiceInput {
	/** What was sent ({@link readChoice}). Hostile. */
	readonly text: unknown;
	/** Rebuilt by the verifier. */
	readonly owners: OwnersGroup;
	readonly purposeId: string;
	/** What could be chosen. Any text where it is absent. */
	readonly choices?: readonly string[];
	readonly verifyMembership: SemaphoreVerifier;
	readonly nullifiers: NullifierStore;
	readonly now: Clock;
}

export interface ChoiceVerification {
	readonly report: ReportNode;
	/** Where the report did not fail: what to count. */
	readonly choice?: string;
	readonly nullifier?: string;
}

const ROOT = { check: 'linked', title: 'Choice of an owner', passed: 'An owner in the group made this choice, and it is the first for this purpose.' };
const FAILED = 'This is not a first choice of an owner in the group.';

/**
 * Verifies an anonymous choice against the verifier's own group, purpose and choices. Never throws for what was sent; what `nullifiers`
 * throws is thrown on, and nothing was counted.
 *
 * The nullifier is claimed last, when everything else holds: what is refused uses up nobody's choice. The same choice sent again, after a lost
 * answer for example, gets `linked/already-counted`; another one by the same owner `linked/double-use`.
 */
export async function verifyChoice(input: VerifyChoiceInput): Promise<ChoiceVerification> {
	const { text, owners, purposeId, verifyMembership } = input;
	const scope = scopeOf(owners.groupId, purposeId);
	const format = { check: 'linked/format', title: 'Format' };
	let sent: AnonymousChoice;
	try {
		sent = readChoice(text);
	} catch (error) {
		if (!(error instanceof LinkedError)) throw error;
		return { report: group({ ...ROOT, failed: FAILED }, [failed({ ...format, reason: error.message, code: error.code })]) };
	}
	const message = messageOf(sent.choice);
	const checks = [
		passed({ ...format, reason: 'It is complete.' }),
		compare('linked/group-id', 'Collection and block', sent.groupId === owners.groupId, {
			yes: 'It is about this collection at this block.',
			no: 'It is about another collection or another block.',
			code: 'linked/wrong-group',
		}),
		compare('linked/purpose', 'Purpose', sent.purposeId === purposeId, {
			yes: 'It was made for this purpose.',
			no: 'It was made for another purpose.',
			code: 'linked/wrong-purpose',
		}),
		compare('linked/choice', 'Choice', input.choices === undefined || input.choices.includes(sent.choice), {
			yes: `The choice: ${displayText(sent.choice)}`,
			no: 'That was not among the choices.',
			code: 'linked/wrong-choice',
		}),
		checkExpiry(owners, input.now),
		owners.report,
		verifyMembership(sent.proof, { root: owners.members.root, message, scope }),
	];
	if (!checks.some(({ result }) => result === 'failed')) checks.push(await claim(input.nullifiers, sent, scope));
	const report = { ...group({ ...ROOT, failed: FAILED }, checks), evidence: { unproven: UNPROVEN } };
	return { report, ...(report.result === 'failed' ? {} : { choice: sent.choice, nullifier: sent.proof.nullifier }) };
}

const UNPROVEN =
	'that the owner still has the token; that accounts belong to different people; how many tokens an owner has. When a proof arrives, over which connection, and who linked shortly before can still point to somebody.';

function compare(
	check: string,
	title: string,
	equal: boolean,
	reasons: { readonly yes: string; readonly no: string; readonly code: LinkedErrorCode },
): ReportNode {
	return equal ? passed({ check, title, reason: reasons.yes }) : failed({ check, title, reason: reasons.no, code: reasons.code });
}

/** Whose statement has expired since cannot be seen from a proof. */
function checkExpiry({ expires }: OwnersGroup, now: Clock): ReportNode {
	const leaf = { check: 'linked/validity', title: 'Validity' };
	const second = BigInt(epochSeconds(now));
	if (second >= expires.last) return failed({ ...leaf, reason: 'The statements of all owners in the group have expired.', code: 'linked/expired' });
	if (second >= expires.first) {
		return warning({ ...leaf, reason: 'The statements of some owners in the group have expired; it may be one of theirs.', code: 'linked/partly-expired' });
	}
	return passed({ ...leaf, reason: 'No statement in the group has expired.' });
}

async function claim(store: NullifierStore, { proof: { nullifier, message } }: AnonymousChoice, scope: bigint): Promise<ReportNode> {
	const leaf = { check: 'linked/first-use', title: 'First use' };
	const earlier = await store.claim({ scope: String(scope), nullifier, message });
	if (earlier === undefined) return passed({ ...leaf, reason: 'The first choice of this owner for this purpose.' });
	return earlier === message
		? failed({ ...leaf, reason: 'The same choice of the same owner was counted before. It still counts, once.', code: 'linked/already-counted' })
		: failed({ ...leaf, reason: 'The same owner made another choice before, which counts.', code: 'linked/double-use' });
}
