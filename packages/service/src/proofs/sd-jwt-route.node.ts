import { type Jwk, sha256, utf8 } from '@holdfast/crypto';
import { failed, group, HoldfastError, type JsonObject, passed } from '@holdfast/kernel';
import { dayOf, type StatementRequest, ZkError } from '@holdfast/zk';
import { type AgeProof, type AnsweringClaim, type CircuitInputs, circuitInputs, type Statement } from '@holdfast/zk-sd-jwt';
import { z } from 'zod';
import { trustIn } from '../parties.node.ts';
import type { Session } from '../session.node.ts';
import { ULTRAHONK } from './names.ts';
import type { Attested, ProofContext, ProofRoute } from './route.node.ts';
import { canonical } from './statement-query.ts';

// Route 2: an ordinary SD-JWT VC, signed with ES256 and bound to a P-256 key, whose issuer never heard of proofs. Signature,
// disclosure digest, key binding and expiry are checked inside of the proof. Needs a reference string on both sides.

const zProof = z.strictObject({
	v: z.literal(1),
	iss: z.string().min(1).max(2048),
	kid: z.string().max(4096).optional(),
	vct: z.string().min(1).max(2048),
	/** The day in UTC on which the document is proven valid, YYYYMMDD. */
	day: z.number().int().min(1_01_01).max(9999_12_31),
	proof: z.unknown(),
});

const secondsOf = (day: number): number => Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100) / 1000;
const DAY_SEC = 86_400;

/** What the holder's key signs: the protocol's own values, under a name of its own. */
const messageOf = (context: ProofContext): Uint8Array => utf8(canonical({ type: 'holdfast/proof-request/1', ...context }));

/** The claim and the cutoff that a statement is about. Undefined where this kind of proof cannot be about it. */
function claimOf({ statement }: StatementRequest): { readonly claim: AnsweringClaim; readonly cutoff: number } | undefined {
	if (statement.kind !== 'bound' || statement.op !== '<=' || typeof statement.value !== 'string') return undefined;
	const [name, ...rest] = statement.claim;
	if (typeof name !== 'string' || rest.length > 0 || !/^\d{4}-\d{2}-\d{2}$/.test(statement.value)) return undefined;
	return { claim: { kind: 'date', name }, cutoff: Number(statement.value.replaceAll('-', '')) };
}

async function statementOf(
	session: Session,
	request: StatementRequest,
	context: ProofContext,
	from: { readonly iss: string; readonly kid?: string; readonly vct: string; readonly day: number; readonly header: JsonObject },
): Promise<{ readonly statement: Statement; readonly how: string }> {
	const asked = claimOf(request);
	if (!asked) throw new ZkError('zk/bad-statement', 'This kind of statement cannot be proven from an ordinary document.');
	const { iss: issuer, kid, vct, day, header } = from;
	const { jwk, how } = await session.keys.issuer.resolve({ issuer, header, alg: 'ES256', format: 'dc+sd-jwt', ...(kid === undefined ? {} : { kid }) });
	return { statement: { issuer: jwk, vct, ...asked, now: secondsOf(day), requestHash: sha256(messageOf(context)) }, how };
}

const isP256 = (jwk: Jwk | undefined): boolean => jwk?.crv === 'P-256';
const kidOf = (header: JsonObject): { readonly kid?: string } => (typeof header.kid === 'string' ? { kid: header.kid } : {});

/** The proof's inputs, with the holder's signature over the request: refuses with a reason what cannot be proven. */
async function inputsFor(session: Session, { parsed, holderKid }: Attested, request: StatementRequest, context: ProofContext): Promise<CircuitInputs> {
	const { statement } = await statementOf(session, request, context, {
		iss: parsed.issuer,
		vct: parsed.type,
		day: dayOf(session.clock),
		header: parsed.header,
		...kidOf(parsed.header),
	});
	const message = messageOf(context);
	return circuitInputs(parsed.raw, statement, { message, signature: await session.agent.signer(holderKid).sign(message) });
}

/** Stands for a request when it is only asked whether there could be a proof. Its signature goes nowhere. */
const NOBODY: ProofContext = { nonce: '', audience: 'nobody', responseUri: '', query: '' };

export const sdJwtRoute: ProofRoute = {
	system: ULTRAHONK,
	member: null,
	applies: ({ parsed }) => parsed.format === 'dc+sd-jwt' && parsed.header.alg === 'ES256' && isP256(parsed.holder?.jwk),
	attest: async () => undefined,
	check: async () => passed({ check: 'ordinary', title: 'For proofs', reason: 'Nothing was added: the document itself is what is proven from.' }),

	async assertProvable(session, attested, request) {
		await session.proofs.ordinary();
		await inputsFor(session, attested, request, NOBODY);
	},

	async prove(session, attested, request, context, signal) {
		const inputs = await inputsFor(session, attested, request, context);
		const { parsed } = attested;
		try {
			const proof: AgeProof = await (await session.proofs.ordinary()).prove(inputs, { signal });
			return JSON.stringify({ v: 1, iss: parsed.issuer, ...kidOf(parsed.header), vct: parsed.type, day: dayOf(session.clock), proof });
		} catch (error) {
			if (error instanceof HoldfastError && error.code === 'zk-sd-jwt/cancelled') throw new ZkError('zk/aborted', 'The proof was stopped.');
			throw error;
		}
	},

	keyToken: () => '',

	async verify(session, text, _keyToken, request, context) {
		const engine = await session.proofs.ordinary();
		const read = readProof(text);
		if (!read)
			return { report: failed({ check: 'proof/format', title: 'Proof', code: 'proof/malformed', reason: 'This proof cannot be read.' }), issuer: '', type: '' };
		const { iss, kid, vct, day, proof } = read;
		const { statement, how } = await statementOf(session, request, context, { iss, vct, day, header: { alg: 'ES256' }, ...(kid === undefined ? {} : { kid }) });
		const trust = trustIn(session.vault, iss);
		const today = secondsOf(dayOf(session.clock));
		const report = group(
			{ check: 'ordinary-document', title: 'Age from an ordinary document', passed: 'The age is proven.', failed: 'The age is not proven.' },
			[
				request.types.includes(vct)
					? passed({ check: 'type', title: 'Type of credential', reason: 'It is a type that was asked for.' })
					: failed({ check: 'type', title: 'Type of credential', code: 'proof/wrong-type', reason: 'It is another type than was asked for.' }),
				passed({ check: 'issuer-key', title: "Issuer's key", reason: `The issuer’s key was found: ${how}.` }),
				{
					check: 'issuer-trust',
					title: 'Trust in the issuer',
					result: trust.result,
					reason: trust.reason,
					...(trust.result === 'passed' ? {} : { code: 'credential/unknown-issuer' }),
				},
				Math.abs(statement.now - today) <= DAY_SEC
					? passed({ check: 'day', title: 'Day', reason: 'The document is proven valid today.' })
					: failed({ check: 'day', title: 'Day', code: 'proof/wrong-day', reason: 'The document is proven valid on another day than today.' }),
				await engine.verify(proof, statement),
			],
		);
		return { report, issuer: iss, type: vct };
	},
};

function readProof(text: string): z.infer<typeof zProof> | undefined {
	try {
		return zProof.parse(JSON.parse(text));
	} catch {
		return undefined;
	}
}
