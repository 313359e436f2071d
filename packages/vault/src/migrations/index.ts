import { identity } from './0001-identity.ts';
import { holder } from './0002-holder.ts';
import { issuerVerifier } from './0003-issuer-verifier.ts';
import { desk } from './0004-desk.ts';
import type { Migration } from './migration.ts';

export type { Migration } from './migration.ts';

/** Every step, in order. New ones are added at the end. */
export const migrations: readonly Migration[] = [identity, holder, issuerVerifier, desk];
