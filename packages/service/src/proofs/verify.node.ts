import { failed, HoldfastError } from '@holdfast/kernel';
import type { PresentationVerification, VerifyProofInput } from '@holdfast/oid4vc';
import { dayOf } from '@holdfast/zk';
import { z } from 'zod';
import type { Session } from '../session.node.ts';
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
		return {
			...nothing,
			report: result.report,
			issuer: result.issuer,
			type: result.type,
			types: result.type === '' ? [] : [result.type],
			...(result.report.result === 'failed' ? {} : { proven: learned.map(({ label, value }) => `${label}: ${value}`) }),
		};
	} catch (error) {
		if (!(error instanceof HoldfastError)) throw error;
		return refusal(error.code, error.message);
	}
}
