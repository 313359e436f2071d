import { failed, group, passed, type ReportNode } from '@holdfast/kernel';
import { checkContext, checkDay } from './checks/context.ts';
import { checkIssuers } from './checks/issuer.ts';
import { checkRevocation } from './checks/revocation.ts';
import { checkNullifier, checkStatement, checkTypes } from './checks/statement.ts';
import { ZkError } from './errors.ts';
import { proverOf } from './groth16-prover.ts';
import type { CircuitId, Presentation, SetupLabel, StatementProver, StatementVerification, VerifyStatementInput } from './model.ts';
import { readPresentation } from './presentation.ts';
import { PUBLIC_SIGNALS } from './public-signals.ts';
import { boundsOf, circuitFor, publicSet } from './statement.ts';

const TITLE = { check: 'zk', title: 'Statement without disclosure' };

/** The public signals of a presentation by name. */
export type Signals = ReadonlyMap<string, bigint>;

/**
 * Verifies what a holder sent in answer to `request`. Every public value of the proof is compared with one that the verifier
 * computed or found itself; nothing that the presentation says is taken for more than a name to look up. Never throws for bad
 * input.
 */
export async function verifyStatement(input: VerifyStatementInput): Promise<StatementVerification> {
	// A request that makes no sense is the caller's mistake, not the holder's.
	const circuit = circuitFor(input.request);
	if (input.request.statement.kind === 'bound') boundsOf(input.request.statement);
	if (input.request.statement.kind === 'member') publicSet(input.request.statement);

	let presentation: Presentation;
	try {
		presentation = readPresentation(input.presentation);
	} catch (error) {
		const { code, message } = error instanceof ZkError ? error : new ZkError('zk/malformed', 'This proof cannot be read.');
		return { report: failedReport([failed({ check: 'zk/format', title: 'Format', reason: message, code })]), issuers: [] };
	}
	const issuers = presentation.issuers.map(({ iss, type }) => ({ issuer: iss, type }));
	const format = passed({
		check: 'zk/format',
		title: 'Format',
		reason: 'The proof is complete: the number of its public values is right and each is in range.',
		evidence: { engine: presentation.engine, circuit: presentation.circuit, publicSignals: String(presentation.publicSignals.length) },
	});
	if (presentation.circuit !== circuit) {
		const wrong = failed({
			check: 'zk/circuit',
			title: 'Statement',
			reason: 'The proof is of another kind of statement than was asked for.',
			code: 'zk/wrong-circuit',
		});
		return { report: failedReport([format, wrong]), issuers, circuit: presentation.circuit };
	}
	const prover = proverOf(input);
	if (presentation.engine !== prover.system) {
		const wrong = failed({
			check: 'zk/system',
			title: 'Kind of proof',
			reason: 'The proof was made in another way than the one that it is checked by.',
			code: 'zk/wrong-system',
		});
		return { report: failedReport([format, wrong]), issuers, circuit };
	}
	const signals: Signals = new Map(PUBLIC_SIGNALS[circuit].map((name, index) => [name, BigInt(presentation.publicSignals[index] ?? -1)]));
	const found = await checkIssuers(input, presentation, signals);
	const checks: ReportNode[] = [
		format,
		passed({ check: 'zk/circuit', title: 'Statement', reason: 'The proof is of the kind of statement that was asked for.', evidence: { circuit } }),
		...(await prover.checkKey(circuit, presentation.vkey)),
		...found.nodes,
		...checkTypes(input, presentation, signals),
		...checkStatement(input.request, signals),
		checkContext(input, presentation, signals),
		checkDay(input, signals),
		checkRevocation(input, presentation, signals, found.keys[0]),
		checkNullifier(input.request, input.context, signals),
		await checkProof(prover, presentation, circuit),
	];
	const grouped = group(
		{ ...TITLE, passed: 'The statement is proven, and nothing else about the holder was shown.', failed: 'The statement is not proven.' },
		checks,
	);
	const { label, name } = prover.setup;
	const report = { ...grouped, evidence: { unproven: unproven(input, presentation, label) } };
	const nullifier = presentation.publicSignals[0];
	return {
		report,
		issuers,
		circuit,
		setup: { label, name },
		...(report.result !== 'failed' && input.request.scope !== undefined && nullifier !== undefined ? { nullifier } : {}),
	};
}

const failedReport = (children: readonly ReportNode[]): ReportNode =>
	group({ ...TITLE, passed: 'The statement is proven.', failed: 'The statement is not proven.' }, children);

async function checkProof(prover: StatementProver, presentation: Presentation, circuit: CircuitId): Promise<ReportNode> {
	const base = { check: 'zk/proof', title: 'Proof' };
	try {
		if (await prover.verify(circuit, presentation.publicSignals, presentation.proof)) {
			return passed({ ...base, reason: 'The proof holds for exactly these public values.' });
		}
	} catch (error) {
		if (error instanceof ZkError) return skippedProof(error);
		return failed({ ...base, reason: 'The proof could not be checked.', code: 'zk/not-checked' });
	}
	return failed({ ...base, reason: 'The proof does not hold.', code: 'zk/proof-invalid' });
}

/** Not the holder's fault, but not proven either: it fails. */
const skippedProof = (error: ZkError): ReportNode =>
	failed({ check: 'zk/proof', title: 'Proof', reason: `The proof could not be checked. ${error.message}`, code: error.code });

function unproven(input: VerifyStatementInput, presentation: Presentation, setup: SetupLabel): string {
	const { request } = input;
	const parts = ['that the person at the device is the one the credential was issued to'];
	if (request.notRevoked !== true) parts.push('that the credential is not revoked');
	else parts.push('that it was not revoked after the date of the list');
	if (request.scope === undefined) parts.push('that two proofs come from different holders');
	if (request.statement.kind === 'same-holder') parts.push('any claim of the two credentials, and that they are two');
	if (presentation.binding.kind === 'one-time-key')
		parts.push('that the proof was made for this request (the signature was; the proof may be older, of its date)');
	if (setup === 'development') parts.push('anything, to somebody who made the development setup and kept its secrets');
	return `${parts.join('; ')}. The holder still shows: issuer, type of credential, the statement, and when.`;
}
