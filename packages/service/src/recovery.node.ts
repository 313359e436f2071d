import type { Notice, Party } from '@holdfast/contract';
import { displayText, type JsonObject, skipped } from '@holdfast/kernel';
import { z } from 'zod';
import { record } from './activity.node.ts';
import { ServiceError } from './errors.ts';
import type { Session } from './session.node.ts';
import { phraseConfirmed } from './settings.node.ts';

// What a crash, a power cut or a lock in the middle of an exchange leaves behind, told in words.

const NOTICES = 'notices';
const Notices = z.array(
	z.object({
		id: z.string(),
		kind: z.enum(['interrupted-receive', 'interrupted-present', 'interrupted-vote', 'phrase-unconfirmed']),
		title: z.string(),
		text: z.string(),
		resume: z.boolean(),
	}),
);
/** Has the shape of an id, and is no exchange's. */
const PHRASE_NOTICE = '00000000000000000000000001';

const stored = (session: Session): Notice[] => session.vault.settings.get(NOTICES, Notices) ?? [];

const nameOf = (peer: unknown): string => displayText((peer as Party | null)?.name ?? 'somebody', 120);

/** Written into an exchange's payload, so that a second process of the profile leaves the work of a living one alone. */
export const ownMark = (): { pid: number } => ({ pid: process.pid });

function atWorkElsewhere(payload: unknown): boolean {
	const pid = (payload as { pid?: unknown }).pid;
	if (typeof pid !== 'number' || pid === process.pid) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** At unlock: an exchange that is open, and that no living process is at work on, was cut off. */
export function markInterrupted(session: Session): void {
	session.vault.transaction(() => {
		const notices = stored(session);
		const known = new Set(notices.map((notice) => notice.id));
		for (const exchange of session.vault.exchanges.open()) {
			if (atWorkElsewhere(exchange.payload)) continue;
			const name = nameOf(exchange.peer);
			if (exchange.kind === 'present') {
				const sharing = ((exchange.payload as { shared?: string[] }).shared ?? []).map((line) => displayText(line, 200));
				session.vault.exchanges.finish(exchange.id, 'interrupted');
				record(session, {
					kind: 'interrupted',
					title: `Cut off while sharing with ${name}`,
					party: exchange.peer as Party,
					shared: sharing,
					outcome: 'interrupted',
					detail: 'It may have arrived. Ask them before you share again.',
					exchangeId: exchange.id,
				});
				notices.push({
					id: exchange.id,
					kind: 'interrupted-present',
					title: `Sharing with ${name} was cut off`,
					text: 'What you approved may have arrived. Your documents are unharmed; ask them before you share again.',
					resume: false,
				});
			} else if (exchange.kind === 'receive' && !known.has(exchange.id)) {
				notices.push({
					id: exchange.id,
					kind: 'interrupted-receive',
					title: `Receiving from ${name} was cut off`,
					text: 'Nothing is lost: it can go on from where it stopped.',
					resume: true,
				});
			}
		}
		notices.push(...interruptedVotes(session));
		session.vault.settings.set(NOTICES, notices);
	});
}

/** Votes that were handed in and never answered, each told once. They stay in the list of votes, to be looked after. */
function interruptedVotes(session: Session): Notice[] {
	return session.vault.votes
		.list()
		.filter(({ state, lastCheck, words }) => state === 'sending' && lastCheck === null && !atWorkElsewhere(words))
		.map(({ id, words }) => {
			const reason = 'It was cut off before an answer was seen.';
			const report = skipped({ check: 'vote', title: 'The vote', reason, code: 'vote/no-answer' });
			session.vault.votes.update(id, { lastCheck: { state: 'unknown', words: reason, report: report as unknown as JsonObject, at: session.clock.now() } });
			const title = displayText(String(words.title ?? ''), 120);
			return {
				id,
				kind: 'interrupted-vote' as const,
				title: `Your vote on “${title}” was cut off`,
				text: 'It may or may not have been taken. Open Votes, Your votes, and check that it counted before you vote again.',
				resume: false,
			};
		});
}

export function listNotices(session: Session): Notice[] {
	const phrase: Notice[] = phraseConfirmed(session.vault)
		? []
		: [
				{
					id: PHRASE_NOTICE,
					kind: 'phrase-unconfirmed',
					title: 'Your recovery phrase is not confirmed',
					text: 'Without it, a lost computer means lost identities. Open Settings, show the phrase, write it down and confirm it.',
					resume: false,
				},
			];
	return [...phrase, ...stored(session)];
}

export function removeNotice(session: Session, id: string): void {
	session.vault.settings.set(
		NOTICES,
		stored(session).filter((notice) => notice.id !== id),
	);
	session.changed('notices');
}

/** The user has read it. A receive that was not resumed ends here, and the log says so. */
export function dismissNotice(session: Session, id: string): void {
	if (id === PHRASE_NOTICE) throw new ServiceError('notice/stays', 'This stays until the recovery phrase is confirmed.');
	session.vault.transaction(() => {
		const exchange = session.vault.exchanges.open().find((each) => each.id === id);
		if (exchange) {
			session.vault.exchanges.finish(id, 'interrupted');
			record(session, {
				kind: 'interrupted',
				title: `Receiving from ${nameOf(exchange.peer)} was given up`,
				party: exchange.peer as Party,
				outcome: 'interrupted',
				exchangeId: id,
			});
		}
		removeNotice(session, id);
	});
}
