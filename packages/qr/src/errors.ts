import { HoldfastError, type JsonObject } from '@holdfast/kernel';

export type QrErrorCode =
	| 'qr/too-long'
	| 'qr/empty'
	| 'qr/not-found'
	| 'qr/bad-image'
	| 'qr/too-large'
	| 'qr/message-too-long'
	| 'qr/bad-message'
	| 'qr/no-decoder';

/** An error about a QR code. Never holds what the code says. */
export class QrError extends HoldfastError {
	constructor(code: QrErrorCode, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'QrError';
	}
}
