export { type AddressKind, classifyAddress } from './addresses.ts';
export { NetError, type NetErrorCode } from './errors.ts';
export { createGuardedFetch, type GuardedFetch, type GuardedFetchInit, type GuardedFetchOptions } from './guarded-fetch.node.ts';
