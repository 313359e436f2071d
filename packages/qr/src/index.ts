export { classifyQrText, type QrTextKind } from './classify.ts';
export { decodeQr, MAX_PIXELS, type QrImage } from './decode.ts';
export { encodeQr, QR_CAPACITY, type QrEcc, type QrMatrix } from './encode.ts';
export { QrError, type QrErrorCode } from './errors.ts';
