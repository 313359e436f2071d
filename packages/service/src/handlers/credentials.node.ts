import { decodeQr, type QrImage } from '@holdfast/qr';
import { record } from '../activity.node.ts';
import { detail, document, documents, summary } from '../documents.node.ts';
import { classify } from '../link.ts';
import type { Handlers } from '../service.node.ts';

/** Grey pixels as the decoder takes them. A length that does not fit the sizes is the decoder's to refuse. */
function rgba(width: number, height: number, luminance: Uint8Array): QrImage {
	const data = new Uint8Array(luminance.length * 4);
	for (const [at, value] of luminance.entries()) data.set([value, value, value, 255], at * 4);
	return { width, height, data };
}

export const credentialHandlers: Handlers<'credentials.list' | 'credentials.get' | 'credentials.delete' | 'link.classify' | 'qr.decode'> = {
	'credentials.list': (_input, session) => documents(session).map((doc) => summary(session, doc)),

	'credentials.get': ({ id }, session) => detail(session, document(session, id)),

	'credentials.delete': ({ id }, session) => {
		const doc = document(session, id);
		const { appearance, issuer } = summary(session, doc);
		session.vault.transaction(() => {
			for (const copy of doc.copies) session.vault.credentials.delete(copy.id);
			record(session, { kind: 'deleted', title: `${appearance.name} deleted`, party: issuer });
		});
		for (const copy of doc.copies) session.parsed.delete(copy.id);
		session.changed('credentials', id);
		return {};
	},

	'link.classify': ({ text }) => classify(text),

	'qr.decode': ({ width, height, luminance }) => ({ text: decodeQr(rgba(width, height, Buffer.from(luminance, 'base64'))) }),
};
