import { displayText, failed } from '@holdfast/kernel';
import { OWNERSHIP_FORMAT, type PresentationVerification, type VerifyProofInput } from '@holdfast/oid4vc';
import { blocksFromNodes, nonceBytes, type OwnershipExpectation, type OwnershipVerification, readBundle, verifyOwnership } from '@holdfast/web3';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';
import { networkName, nodesFor } from './collections.node.ts';
import { readOwnershipQuery, tokenInWords } from './ownership-query.ts';

/** The name under which this wallet's owner knows a collection. */
export const collectionName = (session: Session, chainId: number, contract: string): string | undefined =>
	session.vault.collections.find(chainId, contract)?.name;

function blocks(session: Session, chainId: number): OwnershipExpectation['blocks'] {
	// Asked inside the check: a network that is not known is a reason in the report.
	return async (number) => blocksFromNodes(networkName(session, chainId), nodesFor(session, chainId))(number);
}

/** What a verdict shows of a proof: who owns what, in words. */
export function ownershipResult(session: Session, { report, statement, through, owner }: OwnershipVerification): PresentationVerification {
	const chainId = statement ? Number(statement.chainId) : 0;
	const network = networkName(session, chainId);
	const issuer = statement ? `eip155:${chainId}:${statement.collection}` : '';
	const proven =
		statement && report.result !== 'failed'
			? [
					`${owner === undefined ? 'Owns' : 'Acts for the owner of'} ${tokenInWords(statement, collectionName(session, chainId, statement.collection), network)}`,
					`Address ${statement.holder}`,
					...(owner === undefined ? [] : [`Owner ${owner}, who lets that address act for it (delegate.xyz)`]),
					`As of block ${statement.blockNumber}`,
					...(through && through.length > 0 ? [`Through ${through.join(', ')}, an account that belongs to another token`] : []),
				]
			: undefined;
	return {
		report,
		claims: {},
		document: {},
		issuer,
		type: OWNERSHIP_FORMAT,
		types: [OWNERSHIP_FORMAT],
		...(proven === undefined ? {} : { proven }),
	};
}

/** Judges the answer to a query for a proof of ownership, by the verifier's own nodes. */
export async function verifyOwnershipAnswer(session: Session, input: VerifyProofInput): Promise<PresentationVerification> {
	const asked = readOwnershipQuery(input.query);
	if (!asked) {
		const report = failed({ check: 'ownership', title: 'Ownership of a token', code: 'ownership/malformed', reason: 'What was asked cannot be read.' });
		return ownershipResult(session, { report });
	}
	return ownershipResult(
		session,
		await verifyOwnership(input.presentation, {
			now: session.clock,
			verifier: input.audience,
			nonce: nonceBytes(input.nonce),
			...asked,
			// As the wallet shows it: cleaned.
			purpose: displayText(input.purpose ?? '', 300),
			blocks: blocks(session, asked.chainId),
		}),
	);
}

/** Whether a text is meant to be a proof of ownership. */
export const looksLikeOwnership = (text: string): boolean => text.startsWith('{') && text.includes('"statement"') && text.includes('"accounts"');

/** Judges a proof that came as text. It says itself which token it is about: the verdict says it again. */
export async function checkOwnership(
	session: Session,
	text: string,
	request: { readonly nonce?: string | undefined; readonly audience?: string | undefined; readonly delegates?: boolean | undefined },
) {
	const { nonce, audience, delegates = false } = request;
	if (nonce === undefined || audience === undefined) {
		throw new ServiceError('ownership/needs-request', 'A proof of ownership is made for one request. Give the nonce and the audience that you had asked with.');
	}
	const { statement, standard } = readBundle(text);
	const chainId = Number(statement.chainId);
	const result = await verifyOwnership(text, {
		now: session.clock,
		verifier: audience,
		nonce: nonceBytes(nonce),
		chainId,
		collection: statement.collection,
		standard,
		delegates,
		blocks: blocks(session, chainId),
	});
	return ownershipResult(session, result);
}
