import type { CallOutput } from '@holdfast/contract';
import { classifyQrText, type QrTextKind } from '@holdfast/qr';

type Link = CallOutput<'link.classify'>;

const WORDS: Readonly<Record<QrTextKind, string>> = {
	'credential-offer': 'An offer of a document',
	'presentation-request': 'Somebody asks to see something from your wallet',
	credential: 'A document as text',
	did: 'An identity (DID)',
	url: 'A web address. Holdfast does not open it.',
	wifi: 'The key of a wireless network. Holdfast does nothing with it.',
	payment: 'A payment. Holdfast does not pay.',
	contact: 'A business card. Holdfast does nothing with it.',
	email: 'An e-mail address. Holdfast does nothing with it.',
	phone: 'A telephone number. Holdfast does nothing with it.',
	frame: 'One of a film of codes. Hold the camera to the film until all are read.',
	'one-time-password': 'The key of one-time passwords. Holdfast does nothing with it. Do not show it to anybody.',
	text: 'Not something that Holdfast knows. Nothing was done with it.',
};

const ACTED_ON = new Set<Link['kind']>(['credential-offer', 'presentation-request', 'credential', 'did', 'url']);

/** What a pasted or scanned text is. It is looked at, never followed. */
export function classify(text: string): Link {
	const kind = classifyQrText(text);
	return { kind: ACTED_ON.has(kind as Link['kind']) ? (kind as Link['kind']) : 'other', words: WORDS[kind] };
}
