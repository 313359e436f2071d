import type { CallInput, StationPolicy } from '@holdfast/contract';
import { newId } from '@holdfast/kernel';
import { record } from '../activity.node.ts';
import { ServiceError } from '../errors.ts';
import { writeChosen } from '../files.node.ts';
import { asksOf, openPolicyFile, writePolicyFile } from '../policy-file.node.ts';
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

function stored(session: Session, id: string): StationPolicy {
	const found = readPolicies(session.vault).find((each) => each.id === id);
	if (!found) throw new ServiceError('station/no-such-policy', 'This policy is not there any more. Make it anew.');
	return found;
}

/** Keeps a policy: what is stored has been understood, and whoever is to sign can. */
async function keep(session: Session, input: Omit<CallInput<'station.savePolicy'>, 'id'>, old?: StationPolicy): Promise<StationPolicy[]> {
	const asks = asksOf(session, input);
	if (input.verifierDid !== null) await session.agent.didSigner(input.verifierDid, { relationship: 'authentication' });
	const policies = readPolicies(session.vault);
	if (!old && policies.length >= MOST_POLICIES)
		throw new ServiceError('station/too-many-policies', 'There are as many policies as this wallet keeps. Delete one first.', { most: MOST_POLICIES });
	const policy: StationPolicy = { ...input, id: old?.id ?? newId(session.random), asks, createdAt: old?.createdAt ?? session.clock.now() };
	const next = old ? policies.map((each) => (each.id === policy.id ? policy : each)) : [...policies, policy];
	return written(session, next, `Station policy “${policy.title}” ${old ? 'changed' : 'made'}`);
}

/** Of a title what every file system takes. */
const fileName = (title: string): string =>
	title
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-|-$/g, '')
		.slice(0, 40) || 'unnamed';

export const stationHandlers: Handlers<
	| 'station.policies'
	| 'station.savePolicy'
	| 'station.removePolicy'
	| 'station.exportPolicy'
	| 'station.openPolicy'
	| 'station.keepPolicy'
	| 'station.requests'
	| 'station.answer'
	| 'station.trust'
> = {
	'station.policies': (_input, session) => readPolicies(session.vault),

	'station.savePolicy': ({ id, ...input }, session) => {
		const old = id === undefined ? undefined : stored(session, id);
		return keep(session, input, old);
	},

	'station.exportPolicy': async ({ id, signerDid }, session) => {
		const policy = stored(session, id);
		const text = await writePolicyFile(session, policy, signerDid);
		const path = await writeChosen(session, `station-policy-${fileName(policy.title)}.jwt`, [text]);
		if (path !== null) record(session, { kind: 'security', title: `Station policy “${policy.title}” exported` });
		return { path };
	},

	'station.openPolicy': ({ text }, session) => openPolicyFile(session, text),

	'station.keepPolicy': async ({ id, verifierDid }, session) => {
		const { policy } = session.reviews.get('policy', id);
		const policies = await keep(session, { ...policy, verifierDid });
		session.reviews.discard(id);
		return policies;
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
