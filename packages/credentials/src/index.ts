export type * from './model.ts';
export { CredentialError, type CredentialErrorCode } from './errors.ts';
