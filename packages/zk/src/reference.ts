// What the circuits compute, in TypeScript: for tests that compare the two, or build inputs that no honest wallet would.
// Nothing else imports this entry.
export { encodeValue, KIND_NUMBERS } from './claims.ts';
export { latestBirth, readDate } from './dates.ts';
export { FIELD_ORDER } from './field.ts';
export { attestationMessage, claimNameHash, commitmentHash, leafHash, textHash, typeHash } from './hash.ts';
export { nullifierOf } from './holder.ts';
export { type EddsaSignature, SUBGROUP_ORDER, signField, verifyField } from './issuer-key.ts';
export { merklePath, merkleRoot } from './merkle.ts';
export { revocationTree } from './revocation.ts';
export { boundsOf, publicSet, scopeHash } from './statement.ts';
