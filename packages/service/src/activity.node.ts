import type { Activity, Party } from '@holdfast/contract';
import { type JsonObject, newId, type ReportNode } from '@holdfast/kernel';
import type { Session } from './session.node.ts';

export interface Entry {
	readonly kind: Activity['kind'];
	readonly title: string;
	readonly party?: Party;
	/** What left the wallet, in words. */
	readonly shared?: readonly string[];
	readonly outcome?: Activity['outcome'];
	readonly detail?: string;
	readonly report?: ReportNode;
	readonly exchangeId?: string;
}

/** Writes one line of the log. Call it inside the transaction of what it tells about. */
export function record(session: Session, entry: Entry): void {
	session.vault.activity.append({
		id: newId(session.random),
		at: session.clock.now(),
		kind: entry.kind,
		title: entry.title,
		peer: (entry.party as JsonObject | undefined) ?? null,
		shared: [...(entry.shared ?? [])],
		outcome: entry.outcome ?? 'done',
		detail: entry.detail ?? null,
		exchangeId: entry.exchangeId ?? null,
		report: entry.report ?? null,
	});
	session.changed('activity');
}
