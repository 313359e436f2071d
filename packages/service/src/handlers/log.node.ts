import type { Activity, Party } from '@holdfast/contract';
import type { ActivityRow } from '@holdfast/vault';
import { ServiceError } from '../errors.ts';
import type { Handlers } from '../service.node.ts';

const view = (row: ActivityRow): Activity => ({
	id: row.id,
	at: row.at,
	kind: row.kind as Activity['kind'],
	title: row.title,
	party: row.peer as Party | null,
	shared: [...(row.shared as readonly string[])],
	outcome: row.outcome as Activity['outcome'],
	detail: row.detail,
	report: row.report,
});

export const logHandlers: Handlers<'activity.list' | 'activity.get'> = {
	'activity.list': ({ before, limit, kind }, session) =>
		session.vault.activity.list({ limit, ...(before === undefined ? {} : { before }), ...(kind === undefined ? {} : { kind }) }).map(view),

	'activity.get': ({ id }, session) => {
		const row = session.vault.activity.get(id);
		if (!row) throw new ServiceError('activity/not-found', 'This entry is not in the log.');
		return view(row);
	},
};
