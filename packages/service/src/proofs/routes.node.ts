import { ATTESTATION_CLAIM } from '@holdfast/credentials';
import { HoldfastError, type Json, type JsonObject } from '@holdfast/kernel';
import type { DcqlCredentialQuery } from '@holdfast/oid4vc';
import type { Session } from '../session.node.ts';
import { groth16Route } from './groth16-route.node.ts';
import { honkRoute } from './honk-route.node.ts';
import { BBS, GROTH16, HONK, type ProofSystem, ULTRAHONK } from './names.ts';
import type { Ahead } from './pool.node.ts';
import type { Attested, AttestInput, Copy, ProofContext, ProofRoute } from './route.node.ts';
import { canonical, readProofQuery } from './statement-query.ts';

/** Every way to prove statements; a new one is one more entry. Those that bring megabytes of WebAssembly are loaded when they are needed. */
const ROUTES: { readonly [system in ProofSystem]: () => Promise<ProofRoute> } = {
	[GROTH16]: async () => groth16Route,
	[BBS]: async () => (await import('./bbs-route.node.ts')).bbsRoute,
	[HONK]: async () => honkRoute,
	[ULTRAHONK]: async () => (await import('./sd-jwt-route.node.ts')).sdJwtRoute,
};

export const routeOf = (system: ProofSystem): Promise<ProofRoute> => ROUTES[system]();
/** Those for which an issuer adds something to a document. */
const addingRoutes = (): Promise<ProofRoute[]> => Promise.all([routeOf(GROTH16), routeOf(BBS)]);

/** Issuer: the claim to add to a credential, so that its holder can prove statements about it; nothing where the wallet asked for nothing. */
export async function attested(session: Session, input: AttestInput): Promise<JsonObject> {
	const added: Record<string, Json> = {};
	for (const route of await addingRoutes()) {
		const part = await route.attest(session, input);
		if (part !== undefined && route.member !== null) added[route.member] = part;
	}
	return Object.keys(added).length === 0 ? {} : { [ATTESTATION_CLAIM]: added };
}

/** A copy with what its issuer added for this way to prove; undefined where there is nothing, or the way does not apply. */
export function addedFor(route: ProofRoute, { parsed, holderKid }: Copy): Attested | undefined {
	if (route.member === null) return route.applies?.({ parsed, holderKid }) ? { parsed, holderKid, added: null } : undefined;
	const all = parsed.attestation;
	if (typeof all !== 'object' || all === null || Array.isArray(all) || !Object.hasOwn(all, route.member)) return undefined;
	const added = (all as JsonObject)[route.member];
	return added === undefined ? undefined : { parsed, holderKid, added };
}

/** Holder: checks everything that came with a received credential for proofs. Throws coded errors; reports are for their failures. */
export async function checkAdded(session: Session, copy: Copy) {
	const routes = await addingRoutes();
	return Promise.all(
		routes.flatMap((route) => {
			const found = addedFor(route, copy);
			return found ? [route.check(session, found)] : [];
		}),
	);
}

export interface Choice {
	readonly route: ProofRoute;
	readonly copy: Attested;
}

/** Holder: how a document (its copies, the one to prefer first) can prove what `audience` asks. A text says why it cannot; empty where it is another type. */
export async function choose(session: Session, query: DcqlCredentialQuery, copies: readonly Copy[], name: string, audience: string): Promise<Choice | string> {
	const asked = readProofQuery(query);
	if (!asked) return 'This wallet does not know how to prove what is asked.';
	if (!copies.some(({ parsed }) => asked.request.types.includes(parsed.type))) return '';
	const { scope } = asked.request;
	if (scope !== undefined && scope.verifier !== audience) return 'They ask for the mark that another verifier knows you by. Holdfast does not give it.';
	let reason = `Your ${name} was issued without what proofs need. Ask its issuer for a new one.`;
	for (const system of asked.systems) {
		const route = await routeOf(system);
		const copy = copies.map((each) => addedFor(route, each)).find((each) => each !== undefined);
		if (!copy) continue;
		try {
			await route.assertProvable(session, copy, asked.request);
			return { route, copy };
		} catch (error) {
			if (!(error instanceof HoldfastError)) throw error;
			reason = `Your ${name} cannot prove it: ${error.message}`;
		}
	}
	return reason;
}

/** What is sent as an answer to a query for a proof: the proof, and the issuer's word for its key. */
export interface ProofAnswer {
	readonly v: 1;
	readonly system: string;
	readonly proof: string;
	readonly key_token: string;
}

/** Holder: the answer to one query, from a proof that was made `ahead` where there is one. Throws coded errors. */
export async function answer(
	session: Session,
	query: DcqlCredentialQuery,
	{ route, copy }: Choice,
	context: Omit<ProofContext, 'query'>,
	signal: AbortSignal,
	ahead?: Ahead,
): Promise<string> {
	const asked = readProofQuery(query);
	if (!asked) throw new Error('a choice was made for a query that cannot be read');
	const full = { ...context, query: canonical(query) };
	const proof = (ahead && route.present?.(ahead.prepared, full)) ?? (await route.prove(session, copy, asked.request, full, signal));
	return JSON.stringify({ v: 1, system: route.system, proof, key_token: route.keyToken(ahead?.copy ?? copy) } satisfies ProofAnswer);
}
