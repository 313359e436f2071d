import type { Verdict } from '@holdfast/contract';

/** How the verdict is drawn. Only an accepted verdict with a spotless report is drawn as passed. */
export function verdictOf({ accepted, report }: Pick<Verdict, 'accepted' | 'report'>): 'passed' | 'warning' | 'failed' {
	if (!accepted || report.result === 'failed') return 'failed';
	return report.result === 'passed' ? 'passed' : 'warning';
}
