export { CredentialError, type CredentialErrorCode } from './errors.ts';
export { claimPathFromDocument, detectFormat, documentPath, formatOf, formats, issue, parse, present, verify } from './format.ts';
export { bareJwk, didJwk, keyInDid } from './holder-key.ts';
export { isPrefix, samePath, selectPath } from './json.ts';
export { LIMITS } from './limits.ts';
export * from './model.ts';
export { checkSchema, type SchemaResult } from './schema.ts';
