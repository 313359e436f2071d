import { failed, group, HoldfastError, passed, type ReportNode, warning } from '@holdfast/kernel';
import { isIssuerKey } from '../issuer-key.ts';
import type { IssuerPublicKey, Presentation, VerifyStatementInput } from '../model.ts';
import type { Signals } from '../verify.ts';

/** Finds each issuer's key, and compares it with the one in the proof. */
export async function checkIssuers(
	input: VerifyStatementInput,
	presentation: Presentation,
	signals: Signals,
): Promise<{ readonly nodes: readonly ReportNode[]; readonly keys: readonly (IssuerPublicKey | undefined)[] }> {
	const nodes: ReportNode[] = [];
	const keys: (IssuerPublicKey | undefined)[] = [];
	for (const [index, claimed] of presentation.issuers.entries()) {
		const signal = presentation.circuit === 'same-holder' ? `issuers[${index}]` : 'issuer';
		const proven = { x: signals.get(`${signal}[0]`) ?? 0n, y: signals.get(`${signal}[1]`) ?? 0n };
		const { children, key } = await checkIssuer(input, claimed, proven);
		keys.push(key);
		nodes.push(
			group(
				{
					check: `zk/issuer${index === 0 ? '' : `-${index + 1}`}`,
					title: 'Issuer',
					passed: 'The claims were attested by this issuer.',
					failed: 'It is not proven who attested the claims.',
				},
				children,
			),
		);
	}
	return { nodes, keys };
}

async function checkIssuer(
	input: VerifyStatementInput,
	claimed: Presentation['issuers'][number],
	proven: IssuerPublicKey,
): Promise<{ readonly children: readonly ReportNode[]; readonly key?: IssuerPublicKey }> {
	const base = { check: 'zk/issuer-key', title: "Issuer's key" };
	let found: { readonly key: IssuerPublicKey; readonly how: string };
	try {
		found = await input.keys.resolve({ issuer: claimed.iss, type: claimed.type, ...(claimed.kid === undefined ? {} : { kid: claimed.kid }) });
	} catch (error) {
		const reason = error instanceof HoldfastError ? `The issuer's key was not found. ${error.message}` : "The issuer's key was not found.";
		return { children: [failed({ ...base, reason, code: 'zk/issuer-key-not-found' })] };
	}
	const { key, how } = found;
	const evidence = { issuer: claimed.iss, found: how };
	// The circuit takes the key's validity on trust.
	if (!isIssuerKey(key.x, key.y)) return { children: [failed({ ...base, reason: "The issuer's key is not a valid one.", code: 'zk/bad-key', evidence })] };
	if (key.x !== proven.x || key.y !== proven.y) {
		return {
			children: [failed({ ...base, reason: 'The claims were attested with another key than the one of this issuer.', code: 'zk/wrong-key', evidence })],
		};
	}
	return {
		children: [
			passed({ ...base, reason: 'The claims were attested with the key that this issuer publishes.', evidence }),
			await checkTrust(input, claimed, how),
		],
		key,
	};
}

async function checkTrust({ trust }: VerifyStatementInput, claimed: Presentation['issuers'][number], how: string): Promise<ReportNode> {
	const base = { check: 'zk/issuer-trust', title: 'Trust in the issuer', evidence: { issuer: claimed.iss } };
	if (trust === undefined) return warning({ ...base, reason: 'Nobody checked whether this issuer may attest this.', code: 'zk/trust-not-checked' });
	const { result, reason } = await trust({ issuer: claimed.iss, type: claimed.type, how });
	if (result === 'passed') return passed({ ...base, reason });
	return (result === 'warning' ? warning : failed)({ ...base, reason, code: 'zk/unknown-issuer' });
}
