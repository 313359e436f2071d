import { base64urlDecode } from '@holdfast/crypto';
import { failed, passed, type ReportNode } from '@holdfast/kernel';
import { oneTimeKeyHash, requestHash, verifyBinding } from '../context.ts';
import { dateText, dayOf, daysBetween } from '../dates.ts';
import type { Presentation, VerifyStatementInput } from '../model.ts';
import { isProofDay } from '../statement.ts';
import type { Signals } from '../verify.ts';

export function checkContext({ context }: VerifyStatementInput, presentation: Presentation, signals: Signals): ReportNode {
	const base = { check: 'zk/request', title: 'Request' };
	const wrong = failed({ ...base, reason: 'The proof answers another request, or was made for another verifier.', code: 'zk/wrong-request' });
	const { binding } = presentation;
	if (binding.kind === 'request') {
		if (signals.get('context') !== requestHash(context)) return wrong;
		return passed({
			...base,
			reason: 'The proof answers this very request.',
			evidence: { binding: 'nonce, audience, response address and query are in the proof' },
		});
	}
	if (signals.get('context') !== oneTimeKeyHash(base64urlDecode(binding.key))) return wrong;
	if (!verifyBinding(binding.key, binding.sig, context, presentation.publicSignals)) return wrong;
	return passed({
		...base,
		reason: 'A key that is used once is in the proof, and signed this very request.',
		evidence: { binding: 'a one-time key in the proof signed the request' },
	});
}

export function checkDay(input: VerifyStatementInput, signals: Signals): ReportNode {
	const base = { check: 'zk/validity', title: 'Validity' };
	const day = signals.get('today') ?? 0n;
	const today = dayOf(input.now);
	const tolerance = input.dayTolerance ?? 1;
	if (!isProofDay(day)) return failed({ ...base, reason: 'The proof is not dated with a real day.', code: 'zk/wrong-date' });
	const evidence = { date: dateText(Number(day)), toleranceDays: String(tolerance) };
	if (Math.abs(daysBetween(today, Number(day))) > tolerance) {
		return failed({ ...base, reason: 'The proof is dated with another day than today.', code: 'zk/wrong-date', evidence });
	}
	return passed({ ...base, reason: `The credential was valid on ${evidence.date}; its own dates stay hidden.`, evidence });
}
