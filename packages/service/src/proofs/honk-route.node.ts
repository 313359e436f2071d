import { circuitFor, presentPrepared, ZkError } from '@holdfast/zk';
import { groth16Route, prepared, verifyAttested } from './groth16-route.node.ts';
import { HONK } from './names.ts';
import type { ProofRoute } from './route.node.ts';

// Route 1 by another engine: the same attestation, proven with UltraHonk, for verifiers that do not accept the setup of the Groth16 keys. Needs a reference
// string on both sides. Nothing is prepared ahead for it.

const { member, attest, check, assertProvable, keyToken } = groth16Route;

export const honkRoute: ProofRoute = {
	system: HONK,
	member,
	attest,
	check,
	keyToken,

	async assertProvable(session, attested, request) {
		// What is not true first: that says more than what this installation lacks.
		await assertProvable(session, attested, request);
		const { circuits } = await session.proofs.attested();
		if (!circuits.includes(circuitFor(request))) throw new ZkError('zk/unknown-circuit', 'This statement cannot be proven in the way that they accept.');
	},

	prove: async (session, attested, request, context, signal) => presentPrepared(await prepared(session, attested, request, signal, HONK), context),

	verify: (session, proof, keyToken, request, context) => verifyAttested(session, HONK, { proof, keyToken, request, context }),
};
