import { displayText, epochSeconds, errorInfo, failed, HoldfastError, type Json, passed, type ReportNode, skipped, warning } from '@holdfast/kernel';
import type { StatusKnowledge, VerifyInput } from '../model.ts';
import { ago, iso, minute } from '../text.ts';
import { readStatus } from './claim.ts';
import { STATUS } from './list.ts';

const NODE = { check: 'status', title: 'Not withdrawn' };

/** Whether the issuer has withdrawn or suspended the credential, how old that knowledge is, and what the verifier's policy makes of not knowing. */
export async function statusCheck(
	input: VerifyInput,
	about: { readonly issuer: string; readonly status: Json | undefined; readonly signed: boolean },
): Promise<ReportNode> {
	const reference = readStatus(about.status);
	if (reference === 'none') return passed({ ...NODE, reason: 'The issuer gave this credential no way to be withdrawn; it ends when it expires.' });
	const { status: policy } = input;
	if (!policy) return skipped({ ...NODE, reason: 'Not checked: whether it was withdrawn was not asked for.', code: 'credential/not-checked' });
	const unknown = (reason: string, cause: string, evidence: Record<string, string> = {}): ReportNode =>
		policy.whenUnknown === 'refuse'
			? failed({
					...NODE,
					reason: `${reason} By your rule it is refused.`,
					code: 'credential/status-unknown',
					evidence: { cause, rule: 'refuse', ...evidence },
				})
			: warning({
					...NODE,
					reason: `${reason} By your rule it is accepted with this warning.`,
					code: 'credential/status-unknown',
					evidence: { cause, rule: 'accept with warning', ...evidence },
				});
	if (!about.signed) return skipped({ ...NODE, reason: 'Not checked, because it is not proven who issued the credential.', code: 'credential/not-checked' });
	if (reference === 'malformed')
		return failed({ ...NODE, reason: 'The credential names its status list in a way that cannot be used.', code: 'credential/malformed' });
	if (reference === 'unknown') return unknown('The credential’s issuer tells its status in a way that Holdfast does not know.', 'unknown-mechanism');
	const now = epochSeconds(input.expected.now);
	const list = { list: displayText(reference.uri, 300), index: String(reference.idx) };
	let known: StatusKnowledge;
	try {
		known = await policy.source.status({
			...reference,
			issuer: about.issuer,
			keys: input.keys,
			now,
			clockSkewSec: input.expected.clockSkewSec ?? 60,
		});
	} catch (error) {
		const info = errorInfo(error);
		const why = error instanceof HoldfastError ? ` ${displayText(info.message)}` : '';
		return unknown(`Whether it was withdrawn could not be found out.${why}`, info.code, list);
	}
	const age = Math.max(0, now - known.signedAt);
	const evidence = { ...list, signedAt: iso(known.signedAt), fetchedAt: iso(known.fetchedAt), ageSeconds: String(age), status: String(known.value) };
	const asOf = `The issuer’s list is of ${minute(known.signedAt)}, ${ago(age)}.`;
	if (known.value === STATUS.invalid)
		return failed({ ...NODE, reason: `The issuer has withdrawn this credential. ${asOf}`, code: 'credential/revoked', evidence });
	if (known.value === STATUS.suspended)
		return failed({ ...NODE, reason: `The issuer has suspended this credential for now. ${asOf}`, code: 'credential/suspended', evidence });
	if (known.value !== STATUS.valid)
		return failed({
			...NODE,
			reason: `The issuer gave this credential a status whose meaning is not agreed. ${asOf}`,
			code: 'credential/status-not-valid',
			evidence,
		});
	if (known.stale) {
		return unknown(
			`A newer status list could not be had. ${displayText(known.problem ?? '')} The last one says that the credential is valid. ${asOf}`,
			'stale',
			evidence,
		);
	}
	return passed({ ...NODE, reason: `The issuer has not withdrawn it. ${asOf}`, evidence });
}
