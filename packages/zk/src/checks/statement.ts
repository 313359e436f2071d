import { failed, passed, type ReportNode, skipped } from '@holdfast/kernel';
import { KIND_NUMBERS } from '../claims.ts';
import { claimNameHash, typeHash } from '../hash.ts';
import type { AttestedKind, Presentation, RequestContext, StatementRequest, VerifyStatementInput } from '../model.ts';
import { boundsOf, publicSet, scopeHash } from '../statement.ts';
import type { Signals } from '../verify.ts';

export function checkTypes({ request }: VerifyStatementInput, presentation: Presentation, signals: Signals): readonly ReportNode[] {
	const both = presentation.circuit === 'same-holder';
	return presentation.issuers.map(({ type }, index) => {
		const base = { check: `zk/type${index === 0 ? '' : `-${index + 1}`}`, title: 'Type', evidence: { type } };
		const accepted = both ? request.types[index] === type : request.types.includes(type);
		return accepted && signals.get(both ? `types[${index}]` : 'type') === typeHash(type)
			? passed({ ...base, reason: 'The credential is of a type that was asked for.' })
			: failed({ ...base, reason: 'The credential is not of a type that was asked for.', code: 'zk/wrong-type' });
	});
}

/** The claim and what is said about it, as the verifier itself computes them. */
export function checkStatement({ statement }: StatementRequest, signals: Signals): readonly ReportNode[] {
	if (statement.kind === 'same-holder') return [];
	if (statement.kind === 'bound') {
		const { kind, low, high } = boundsOf(statement);
		const base = { check: 'zk/bounds', title: 'Bounds', evidence: { low: String(low), high: String(high) } };
		return [
			checkClaim(statement.claim, kind, signals),
			signals.get('low') === low && signals.get('high') === high
				? passed({ ...base, reason: 'The bounds are those that were asked for.' })
				: failed({ ...base, reason: 'The bounds are not those that were asked for.', code: 'zk/wrong-bounds' }),
		];
	}
	const { kind, root } = publicSet(statement);
	const base = { check: 'zk/set', title: 'Set', evidence: { values: String(statement.set.length) } };
	return [
		checkClaim(statement.claim, kind, signals),
		signals.get('set') === root
			? passed({ ...base, reason: 'The set is the one that was asked for.' })
			: failed({ ...base, reason: 'The set is not the one that was asked for.', code: 'zk/wrong-set' }),
	];
}

function checkClaim(path: readonly (string | number | null)[], kind: AttestedKind, signals: Signals): ReportNode {
	const base = { check: 'zk/claim', title: 'Claim', evidence: { claim: JSON.stringify(path), kind } };
	return signals.get('name') === claimNameHash(path) && signals.get('kind') === BigInt(KIND_NUMBERS[kind])
		? passed({ ...base, reason: 'The statement is about the claim that was asked for.' })
		: failed({ ...base, reason: 'The statement is about another claim, or about one of another kind.', code: 'zk/wrong-claim' });
}

export function checkNullifier({ scope }: StatementRequest, { audience }: RequestContext, signals: Signals): ReportNode {
	const base = { check: 'zk/nullifier', title: 'Nullifier' };
	if (signals.get('scope') !== scopeHash(scope) || (scope !== undefined && scope.verifier !== audience)) {
		return failed({ ...base, reason: 'The nullifier is for another scope than was asked for.', code: 'zk/wrong-scope' });
	}
	const nullifier = signals.get('nullifier');
	if (scope === undefined) {
		return nullifier === 0n
			? skipped({ ...base, reason: 'No nullifier was asked for: two proofs of one holder cannot be told from those of two.', code: 'zk/not-asked' })
			: failed({ ...base, reason: 'The proof shows a nullifier that nobody asked for.', code: 'zk/wrong-scope' });
	}
	if (nullifier === 0n) return failed({ ...base, reason: 'The proof shows no nullifier.', code: 'zk/no-nullifier' });
	return passed({
		...base,
		reason: 'The same holder shows the same nullifier again, in this scope only.',
		evidence: { verifier: scope.verifier, purpose: scope.purpose, ...(scope.epoch === undefined ? {} : { epoch: scope.epoch }) },
	});
}
