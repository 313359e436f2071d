/**
 * What a verification found: a tree in which every node says what was checked, with what result and
 * why. Never a boolean, so that a person can see the reasons and a caller can branch on codes.
 */
export interface ReportNode {
	/** Stable name of the check: `signature`, `holder-binding/nonce`. */
	readonly check: string;
	readonly result: ReportResult;
	/** Short label for a person: "Issuer's signature". */
	readonly title: string;
	/** One sentence for a person that says why. */
	readonly reason: string;
	/** Stable code where the result is not `passed`: `credential/expired`. */
	readonly code?: string;
	/** What the check looked at, for detail on demand. Never a secret, never an undisclosed claim. */
	readonly evidence?: { readonly [name: string]: string };
	readonly children?: readonly ReportNode[];
}

/**
 * `warning`: acceptable by policy, worth a look. `skipped`: not checked, and the reason says why;
 * a skipped check never makes its parent pass where the check is required.
 */
export type ReportResult = 'passed' | 'failed' | 'warning' | 'skipped';

type Leaf = Pick<ReportNode, 'check' | 'title' | 'reason'> & Partial<Pick<ReportNode, 'evidence'>>;

export const passed = (leaf: Leaf): ReportNode => ({ ...leaf, result: 'passed' });
export const failed = (leaf: Leaf & { code: string }): ReportNode => ({ ...leaf, result: 'failed' });
export const warning = (leaf: Leaf & { code: string }): ReportNode => ({ ...leaf, result: 'warning' });
export const skipped = (leaf: Leaf & { code: string }): ReportNode => ({ ...leaf, result: 'skipped' });

/** A node over `children`: failed if one of them failed, else warning if one warns, else passed. */
export function group(node: Pick<ReportNode, 'check' | 'title'> & { passed: string; failed: string }, children: readonly ReportNode[]): ReportNode {
	const failure = children.find((child) => child.result === 'failed');
	const caution = children.find((child) => child.result === 'warning');
	const base = { check: node.check, title: node.title, children };
	// An empty group has checked nothing: it must not pass.
	if (failure || children.length === 0) {
		const first = failure ? firstFailure(failure) : undefined;
		return { ...base, result: 'failed', reason: first ? `${node.failed} ${first.reason}` : node.failed, code: first?.code ?? 'report/nothing-checked' };
	}
	if (caution) return { ...base, result: 'warning', reason: node.passed, ...(caution.code ? { code: caution.code } : {}) };
	return { ...base, result: 'passed', reason: node.passed };
}

/** The first failed leaf in reading order: the reason to give in one sentence. */
export function firstFailure(node: ReportNode): ReportNode | undefined {
	if (node.result !== 'failed') return undefined;
	for (const child of node.children ?? []) {
		const found = firstFailure(child);
		if (found) return found;
	}
	return node;
}

/** Every node of the tree in reading order. */
export function* walkReport(node: ReportNode): Generator<ReportNode> {
	yield node;
	for (const child of node.children ?? []) yield* walkReport(child);
}

/** The node for `check`, wherever it stands in the tree. */
export function findCheck(node: ReportNode, check: string): ReportNode | undefined {
	for (const each of walkReport(node)) if (each.check === check) return each;
	return undefined;
}
