import type { Withdrawal } from '@holdfast/contract';
import { parse, readStatus } from '@holdfast/credentials';
import { epochSeconds } from '@holdfast/kernel';
import { z } from 'zod';
import type { Document } from './documents.node.ts';
import { ServiceError } from './errors.ts';
import type { Session } from './session.node.ts';
import { statusPolicy } from './statuses.node.ts';

// Whether a holder's own document still counts, by its issuer's status list. Asked only when the holder asks.

const settingOf = ({ first }: Document): string => `credential.withdrawal:${first.batchId}`;
const Kept: z.ZodType<Withdrawal> = z.object({ state: z.enum(['in-force', 'withdrawn', 'suspended', 'unclear']), asOf: z.number(), checkedAt: z.number() });

const STATES: Readonly<Record<number, Withdrawal['state']>> = { 0: 'in-force', 1: 'withdrawn', 2: 'suspended' };

/** What the last look found; null where nobody has looked. */
export const withdrawalOf = (session: Session, doc: Document): Withdrawal | null => session.vault.settings.get(settingOf(doc), Kept.nullable()) ?? null;

export const forgetWithdrawal = (session: Session, doc: Document): void => session.vault.settings.set(settingOf(doc), null);

/**
 * Fetches the issuer's whole list: whoever gives it out learns that somebody with a document of this list asks, and not which.
 * @throws ServiceError credential/no-status where nothing can be looked up; what the list's checks throw. What was known before stays.
 */
export async function lookUpWithdrawal(session: Session, doc: Document): Promise<Withdrawal> {
	const { status, issuer } = parse(doc.first.raw);
	const reference = readStatus(status);
	if (reference === 'none') throw new ServiceError('credential/no-status', 'Its issuer gave this document no way to be withdrawn. It ends when it expires.');
	if (typeof reference === 'string')
		throw new ServiceError('credential/status-unknown', 'Its issuer tells whether it was withdrawn in a way that Holdfast does not know.');
	const known = await statusPolicy(session, { fresh: true }).source.status({
		...reference,
		issuer,
		keys: session.keys.issuer,
		now: epochSeconds(session.clock),
		clockSkewSec: 60,
	});
	if (known.stale) throw new ServiceError('credential/status-stale', `A newer list could not be had. ${known.problem ?? ''}`.trim());
	const found: Withdrawal = { state: STATES[known.value] ?? 'unclear', asOf: known.signedAt * 1000, checkedAt: session.clock.now() };
	session.vault.settings.set(settingOf(doc), found);
	session.changed('credentials', doc.first.id);
	return found;
}
