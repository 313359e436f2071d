import { readSemaphoreProof, SemaphoreError, type SemaphoreIdentity, type SemaphoreProof, type SemaphoreProver } from '@holdfast/semaphore';
import type { Hex } from 'viem';
import { LinkedError } from './errors.ts';
import { isShortText, messageOf, scopeOf } from './meaning.ts';
import type { OwnersGroup } from './owners-group.ts';

/** An owner's choice, and the proof that some owner made it. Names no account and no token. */
export interface AnonymousChoice {
	readonly groupId: Hex;
	readonly purposeId: string;
	readonly choice: string;
	readonly proof: SemaphoreProof;
}

export interface ProveChoiceInput {
	/** Rebuilt here. A group that a verifier hands out may be made for one person. */
	readonly owners: OwnersGroup;
	readonly identity: SemaphoreIdentity;
	readonly purposeId: string;
	readonly choice: string;
	readonly prover: SemaphoreProver;
}

/** "An owner in this group chooses this." Throws `linked/not-linked`, `linked/bad-value`, and what the prover throws. */
export async function proveChoice(
	{ owners, identity, purposeId, choice, prover }: ProveChoiceInput,
	options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number) => void } = {},
): Promise<AnonymousChoice> {
	const { groupId, members } = owners;
	const membership = { identity, group: members, message: messageOf(choice), scope: scopeOf(groupId, purposeId) };
	if (!members.has(identity.commitment)) {
		throw new LinkedError(
			'linked/not-linked',
			'Your identity is not in this group: the statement that links it is missing, has expired, or another one for the token counts.',
		);
	}
	return { groupId, purposeId, choice, proof: await prover.prove(membership, options) };
}

const MEMBERS = ['v', 'groupId', 'purposeId', 'choice', 'proof'];
/** Characters; a real one has about 1,200 besides purpose and choice. */
const LARGEST = 16_384;

export const choiceText = ({ groupId, purposeId, choice, proof }: AnonymousChoice): string => JSON.stringify({ v: 1, groupId, purposeId, choice, proof });

/** Reads {@link choiceText}, strictly. Checks no proof. Throws `linked/malformed`. */
export function readChoice(text: unknown): AnonymousChoice {
	if (typeof text !== 'string' || text.length > LARGEST) throw malformed();
	try {
		const json = JSON.parse(text);
		if (typeof json !== 'object' || json === null || json.v !== 1 || Object.keys(json).sort().join() !== [...MEMBERS].sort().join()) throw malformed();
		const { groupId, purposeId, choice, proof } = json;
		if (typeof groupId !== 'string' || !/^0x[0-9a-f]{64}$/.test(groupId) || !isShortText(purposeId) || !isShortText(choice)) throw malformed();
		return { groupId: groupId as Hex, purposeId, choice, proof: readSemaphoreProof(proof) };
	} catch (error) {
		if (error instanceof SyntaxError || error instanceof SemaphoreError) throw malformed();
		throw error;
	}
}

const malformed = (): LinkedError => new LinkedError('linked/malformed', 'This anonymous choice cannot be read.');
