import type { CredentialType } from '../model.ts';
import { employeeBadge } from './badge.ts';
import { universityDiploma } from './diploma.ts';
import { pid } from './pid.ts';

/** Credential types that every installation knows. They are data: a person's own types have the same shape. */
export const builtinTypes: readonly CredentialType[] = [pid, universityDiploma, employeeBadge];

export { presentationSchemaOf } from './build.ts';
export { employeeBadge, pid, universityDiploma };
