import type { StationPolicy } from '@holdfast/contract';
import { newId } from '@holdfast/kernel';
import { describeDcql, parseDcql } from '@holdfast/oid4vc';
import { dayOf } from '@holdfast/zk';
import { record } from '../activity.node.ts';
import { ServiceError } from '../errors.ts';
import { PROOF_SYSTEMS } from '../proofs/names.ts';
import { queryWords } from '../proofs/words.node.ts';
import { queryFor } from '../query.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';
import { readPolicies, writePolicies } from '../settings.node.ts';

const MOST_POLICIES = 50;

function written(session: Session, policies: readonly StationPolicy[], title: string): StationPolicy[] {
	session.vault.transaction(() => {
		writePolicies(session.vault, policies);
		record(session, { kind: 'security', title });
	});
	session.changed('station');
	return [...policies];
}

export const stationHandlers: Handlers<
	'station.policies' | 'station.savePolicy' | 'station.removePolicy' | 'station.requests' | 'station.answer' | 'station.trust'
> = {
	'station.policies': (_input, session) => readPolicies(session.vault),

	'station.savePolicy': async ({ id, ...input }, session) => {
		const policies = readPolicies(session.vault);
		const old = policies.find((each) => each.id === id);
		if (id !== undefined && !old) throw new ServiceError('station/no-such-policy', 'This policy is not there any more. Make it anew.');
		if (!old && policies.length >= MOST_POLICIES)
			throw new ServiceError('station/too-many-policies', 'There are as many policies as this wallet keeps. Delete one first.', { most: MOST_POLICIES });
		// What is stored has been understood, and whoever is to sign can.
		const today = dayOf(session.clock);
		const asks = describeDcql(parseDcql(queryFor(session.vault, input, today, PROOF_SYSTEMS)), queryWords(session, today));
		if (input.verifierDid !== null) await session.agent.didSigner(input.verifierDid, { relationship: 'authentication' });
		const policy: StationPolicy = { ...input, id: old?.id ?? newId(session.random), asks, createdAt: old?.createdAt ?? session.clock.now() };
		const next = old ? policies.map((each) => (each.id === policy.id ? policy : each)) : [...policies, policy];
		return written(session, next, `Station policy “${policy.title}” ${old ? 'changed' : 'made'}`);
	},

	'station.removePolicy': ({ id }, session) => {
		const policies = readPolicies(session.vault);
		const old = policies.find((each) => each.id === id);
		if (!old) return policies;
		return written(
			session,
			policies.filter((each) => each.id !== id),
			`Station policy “${old.title}” deleted`,
		);
	},

	'station.requests': ({ policyId, count }, session) => session.station.requests(policyId, count),
	'station.answer': ({ text }, session) => session.station.answer(text),
	'station.trust': ({ refresh }, session) => session.station.trust(refresh),
};
