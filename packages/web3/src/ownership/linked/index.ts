export { withLink } from './account.ts';
export { type AnonymousChoice, choiceText, type ProveChoiceInput, proveChoice, readChoice } from './choice.ts';
export { countsAt, definitionText, type GroupDefinition, readDefinition } from './definition.ts';
export { LinkedError, type LinkedErrorCode } from './errors.ts';
export { identityFor, messageOf, scopeOf } from './meaning.ts';
export { groupIdOf, type OwnerSet } from './owner-set.ts';
export { type OwnersByEvidenceInput, ownersByEvidence } from './owners-by-evidence.ts';
export { type OwnersGroup, type OwnershipQuestion, type ProveOwner, type RebuildInput, type RefusedLink, rebuildGroup, SMALL_CROWD } from './owners-group.ts';
export { type ClaimedOwner, PUBLISHED_LIMITS, type PublishedLinks, publishedLine, readPublished } from './published.ts';
export {
	LINK_TYPES,
	type LinkStatement,
	linkJson,
	linkStatement,
	linkTypedData,
	readLink,
	type SignedLink,
} from './statement.ts';
export { type ChoiceVerification, type NullifierStore, type VerifyChoiceInput, verifyChoice } from './verify.ts';
