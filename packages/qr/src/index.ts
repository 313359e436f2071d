export { classifyQrText, type QrTextKind } from './classify.ts';
export { encodeQr, QR_CAPACITY, type QrEcc, type QrMatrix, sizeForDistance } from './encode.ts';
export { QrError, type QrErrorCode } from './errors.ts';
export { encodeMessage, type FrameOptions, MAX_PACKED, MAX_UNPACKED, type QrFrames, type QrMessageKind, unpackMessage } from './message.ts';
export { type FrameReport, MessageReader } from './message-reader.ts';
