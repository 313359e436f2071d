import { failed, group, HoldfastError, passed, type ReportNode } from '@holdfast/kernel';
import type { PresentationVerification, VerifyProofInput } from '@holdfast/oid4vc';
import { dayOf, type StatementRequest } from '@holdfast/zk';
import { z } from 'zod';
import type { Session } from '../session.node.ts';
import type { RouteVerification } from './route.node.ts';
import { routeOf } from './routes.node.ts';
import { canonical, readProofQuery, statementWords } from './statement-query.ts';

const Answer = z.strictObject({ v: z.literal(1), system: z.string().max(64), proof: z.string().max(65_536), key_token: z.string().max(8192) });

function readAnswer(text: string): z.infer<typeof Answer> | undefined {
	try {
		return Answer.parse(JSON.parse(text));
	} catch {
		return undefined;
	}
}

const nothing = { claims: {}, document: {}, issuer: '', type: '', types: [] };
const refusal = (code: string, reason: string): PresentationVerification => ({
	...nothing,
	report: failed({ check: 'proof/format', title: 'Proof', code, reason }),
});

/** Judges the answer to a query for a proof: the verifier's own statement, nonce and key, nothing that the answer says of itself. */
export async function verifyProof(session: Session, input: VerifyProofInput): Promise<PresentationVerification> {
	const asked = readProofQuery(input.query);
	const answer = readAnswer(input.presentation);
	if (!asked || !answer) return refusal('proof/malformed', 'This proof cannot be read.');
	const system = asked.systems.find((each) => each === answer.system);
	if (!system) return refusal('proof/other-system', 'The proof is of a kind that was not asked for.');
	try {
		const route = await routeOf(system);
		const { nonce, audience, responseUri } = input;
		const result = await route.verify(session, answer.proof, answer.key_token, asked.request, { nonce, audience, responseUri, query: canonical(input.query) });
		const { learned } = statementWords(asked.request, dayOf({ now: () => input.requestedAt }));
		const report = onlyOnce(session, asked.request, result, nonce);
		return {
			...nothing,
			report,
			issuer: result.issuer,
			type: result.type,
			types: result.type === '' ? [] : [result.type],
			...(report.result === 'failed' ? {} : { proven: learned.map(({ label, value, verified }) => `${label}: ${verified ?? value}`) }),
		};
	} catch (error) {
		if (!(error instanceof HoldfastError)) throw error;
		return refusal(error.code, error.message);
	}
}

/** Where a mark was asked for: that nobody else has answered with it for this purpose. `request` is what keeps a second look at one answer apart from a second answer. */
function onlyOnce(session: Session, { scope }: StatementRequest, { report, nullifier }: RouteVerification, request: string): ReportNode {
	if (scope === undefined || report.result === 'failed') return report;
	const base = { check: 'proof/once', title: 'Once for each holder' };
	const before =
		nullifier === undefined
			? undefined
			: session.vault.proofNullifiers.claim({
					scope: JSON.stringify([scope.verifier, scope.purpose, scope.epoch ?? null]),
					nullifier,
					claimedBy: request,
					at: session.clock.now(),
				});
	const evidence = { purpose: scope.purpose, ...(scope.epoch === undefined ? {} : { epoch: scope.epoch }) };
	const once =
		before === null
			? passed({ ...base, reason: 'This holder has not answered for this purpose before.', evidence })
			: failed({
					...base,
					code: 'proof/seen-before',
					reason: before === undefined ? 'There is no mark to know the holder by.' : `This holder has answered for this purpose before, on ${dateOf(before)}.`,
					evidence,
				});
	return group({ check: 'proof', title: 'Proof', passed: 'It is proven, by a holder who comes for the first time.', failed: 'It does not count.' }, [
		report,
		once,
	]);
}

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
