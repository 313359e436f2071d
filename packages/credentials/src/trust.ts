import type { TrustPolicy } from './model.ts';
import { quoted } from './text.ts';

/** An issuer that a verifier has chosen to trust. */
export interface TrustedIssuer {
	/** `iss`: a DID or an https URL, compared exactly. */
	readonly issuer: string;
	readonly name: string;
	/** Types (`vct` or VC types) for which it is trusted; all when absent. */
	readonly types?: readonly string[];
}

/** A policy from a list. `unknown` says what becomes of issuers that are not on it. */
export function trustList(entries: readonly TrustedIssuer[], unknown: 'failed' | 'warning'): TrustPolicy {
	return ({ issuer, type }) => {
		const entry = entries.find((each) => each.issuer === issuer);
		if (!entry) return { result: unknown, reason: `${quoted(issuer || 'The issuer')} is not on your list of trusted issuers.` };
		if (entry.types && !entry.types.includes(type)) {
			return { result: unknown, reason: `${quoted(entry.name)} is on your list of trusted issuers, but not for this type of credential.`, name: entry.name };
		}
		return { result: 'passed', reason: `${quoted(entry.name)} is on your list of trusted issuers.`, name: entry.name };
	};
}
