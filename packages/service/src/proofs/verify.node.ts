import { failed } from '@holdfast/kernel';
import type { PresentationVerification, VerifyProofInput } from '@holdfast/oid4vc';
import { dayOf, ZkError } from '@holdfast/zk';
import { z } from 'zod';
import { trustIn } from '../parties.node.ts';
import type { Session } from '../session.node.ts';
import { keyOfIssuer } from './issuer-key.node.ts';
import { canonical, readProofQuery, statementWords } from './statement-query.ts';

const Answer = z.strictObject({ v: z.literal(1), proof: z.string().max(65_536), key_token: z.string().max(8192) });

function readAnswer(text: string): z.infer<typeof Answer> | undefined {
	try {
		return Answer.parse(JSON.parse(text));
	} catch {
		return undefined;
	}
}

const nothing = { claims: {}, document: {}, issuer: '', type: '', types: [] };

/** Judges the answer to a query for a proof: the verifier's own statement, nonce and key, nothing that the answer says of itself. */
export async function verifyProof(session: Session, input: VerifyProofInput): Promise<PresentationVerification> {
	const request = readProofQuery(input.query);
	const answer = readAnswer(input.presentation);
	if (!request || !answer) {
		const unreadable = new ZkError('zk/malformed', 'This proof cannot be read.');
		return { ...nothing, report: failed({ check: 'zk/format', title: 'Proof', code: unreadable.code, reason: unreadable.message }) };
	}
	const result = await session.proofs.verify({
		presentation: answer.proof,
		request,
		context: { nonce: input.nonce, audience: input.audience, responseUri: input.responseUri, query: canonical(input.query) },
		now: session.clock,
		keys: { resolve: ({ issuer, kid }) => keyOfIssuer(session, answer.key_token, { issuer, ...(kid === undefined ? {} : { kid }) }) },
		trust: ({ issuer }) => trustIn(session.vault, issuer),
	});
	const [first] = result.issuers;
	const { label, value } = statementWords(request.statement, dayOf({ now: () => input.requestedAt }));
	return {
		...nothing,
		report: result.report,
		issuer: first?.issuer ?? '',
		type: first?.type ?? '',
		types: first ? [first.type] : [],
		...(result.report.result === 'failed' ? {} : { proven: [`${label}: ${value}`] }),
	};
}
