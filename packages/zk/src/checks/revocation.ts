import { epochSeconds, failed, passed, type ReportNode, skipped } from '@holdfast/kernel';
import { decodeField } from '../field.ts';
import type { IssuerPublicKey, Presentation, VerifyStatementInput } from '../model.ts';
import { isSignedRoot } from '../revocation.ts';
import { revocationAgeOf } from '../statement.ts';
import type { Signals } from '../verify.ts';

/** A root from further in the future than this is not a matter of clocks. */
const SKEW = 300;

export function checkRevocation(input: VerifyStatementInput, presentation: Presentation, signals: Signals, issuerKey: IssuerPublicKey | undefined): ReportNode {
	const base = { check: 'zk/revocation', title: 'Revocation' };
	if (input.request.notRevoked !== true) {
		return skipped({ ...base, reason: 'Non-revocation was not asked for. The period of validity is all that limits the credential.', code: 'zk/not-asked' });
	}
	const { revocation } = presentation;
	if (revocation === undefined || issuerKey === undefined) {
		return failed({ ...base, reason: "The issuer's list, against which the proof was made, is not there.", code: 'zk/no-revocation-list' });
	}
	if (signals.get('revocationRoot') !== decodeField(revocation.root) || !isSignedRoot(revocation, issuerKey)) {
		return failed({ ...base, reason: 'The list of revoked credentials in the proof is not one that the issuer signed.', code: 'zk/revocation-mismatch' });
	}
	const age = epochSeconds(input.now) - revocation.at;
	const limit = revocationAgeOf(input.request);
	const evidence = { listFrom: new Date(revocation.at * 1000).toISOString(), ageSeconds: String(age), limitSeconds: String(limit) };
	if (age > limit || age < -SKEW) {
		return failed({ ...base, reason: 'The proof uses a list of revoked credentials that is too old.', code: 'zk/stale-revocation', evidence });
	}
	return passed({ ...base, reason: `The credential was not revoked in the issuer's list of ${evidence.listFrom}.`, evidence });
}
