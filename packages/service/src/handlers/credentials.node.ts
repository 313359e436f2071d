import { record } from '../activity.node.ts';
import { detail, document, documents, summary } from '../documents.node.ts';
import { classify } from '../link.ts';
import type { Handlers } from '../service.node.ts';
import { forgetWithdrawal, lookUpWithdrawal } from '../withdrawal.node.ts';

export const credentialHandlers: Handlers<'credentials.list' | 'credentials.get' | 'credentials.delete' | 'credentials.checkStatus' | 'link.classify'> = {
	'credentials.list': (_input, session) => documents(session).map((doc) => summary(session, doc)),

	'credentials.get': ({ id }, session) => detail(session, document(session, id)),

	'credentials.delete': ({ id }, session) => {
		const doc = document(session, id);
		const { appearance, issuer } = summary(session, doc);
		session.vault.transaction(() => {
			for (const copy of doc.copies) session.vault.credentials.delete(copy.id);
			forgetWithdrawal(session, doc);
			record(session, { kind: 'deleted', title: `${appearance.name} deleted`, party: issuer });
		});
		for (const copy of doc.copies) session.parsed.delete(copy.id);
		session.changed('credentials', id);
		return {};
	},

	'credentials.checkStatus': ({ id }, session) => lookUpWithdrawal(session, document(session, id)),

	'link.classify': ({ text }) => classify(text),
};
