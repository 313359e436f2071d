// Every step of `npm test` ends as { passed, failed, skipped }; the last line adds them up.

export const NOTHING = Object.freeze({ passed: 0, failed: 0, skipped: 0 });

/** A check that has no tests inside counts as one. */
export function countCheck(code) {
	return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** From vitest's JSON report. A file that could not even be loaded has no tests in it and counts as one failure. */
export function countVitest(report, code) {
	if (report === undefined) return countCheck(code === 0 ? 1 : code);
	const results = report.testResults ?? [];
	const brokenFiles = results.filter((file) => file.status === 'failed' && !(file.assertionResults ?? []).some((test) => test.status === 'failed')).length;
	return settle(
		{
			passed: report.numPassedTests ?? 0,
			failed: (report.numFailedTests ?? 0) + brokenFiles,
			skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
		},
		code,
	);
}

/** From Playwright's JSON report. A flaky test passed only when it was repeated: that is a failure. */
export function countPlaywright(report, code) {
	if (report?.stats === undefined) return countCheck(code === 0 ? 1 : code);
	const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = report.stats;
	return settle({ passed: expected, failed: unexpected + flaky, skipped }, code);
}

/** A runner that ended badly without naming a failure (a crash, an unhandled error) still failed. */
function settle(counts, code) {
	return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

export function addCounts(all) {
	return all.reduce((sum, each) => ({ passed: sum.passed + each.passed, failed: sum.failed + each.failed, skipped: sum.skipped + each.skipped }), NOTHING);
}

/** `12 passed, 0 failed`, with `, 1 skipped` when there are any. */
export function formatCounts({ passed, failed, skipped }) {
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
