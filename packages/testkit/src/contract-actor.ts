import type { CallInput, CallName, CallOutput } from '@holdfast/contract';
import type { Result } from '@holdfast/kernel';
import { type Actor, Refusal } from './actor.ts';

export type Call = <N extends CallName>(name: N, input: CallInput<N>) => Promise<Result<CallOutput<N>>>;

const dotted = (path: readonly (string | number | null)[]): string => path.map((part) => part ?? '*').join('.');

/** One call, or the refusal as an error. */
export async function asking<N extends CallName>(call: Call, name: N, input: CallInput<N>): Promise<CallOutput<N>> {
	const result = await call(name, input);
	if (!result.ok) throw new Refusal(result.error.code, result.error.message);
	return result.value;
}

/** An actor over the contract's calls: the service itself, or the app's bridge. */
export function contractActor(call: Call, close: () => Promise<void>): Actor {
	const ask = <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => asking(call, name, input);

	const approveIssue = async (options: Parameters<Actor['offer']>[0], delivery: CallInput<'issue.prepare'>['delivery']) => {
		const { id } = await ask('issue.prepare', {
			typeId: options.typeId,
			format: options.format,
			issuerDid: options.issuerDid,
			claims: options.claims as CallInput<'issue.prepare'>['claims'],
			validDays: 365,
			delivery,
		});
		return ask('issue.approve', { id });
	};

	return {
		async createDid(method, keyType) {
			const made = await ask('dids.create', { method, ...(keyType ? { keyType } : {}) } as CallInput<'dids.create'>);
			return made.did;
		},
		async serve(kind) {
			const services = await ask('services.start', { kind, host: '127.0.0.1', port: 0, publicUrl: null });
			return services.find((each) => each.kind === kind)?.url ?? '';
		},
		async offer(options) {
			const { offer } = await approveIssue(options, {
				kind: 'offer',
				txCode: options.txCode ?? false,
				byReference: options.byReference ?? false,
				expiresInMinutes: 30,
			});
			if (!offer) throw new Error('no offer was made');
			return offer;
		},
		async cancelOffer(id) {
			await ask('issue.cancelOffer', { id });
		},
		async issueTo(holderDid, options) {
			const { credential } = await approveIssue(options, { kind: 'direct', holderDid });
			if (credential === null) throw new Error('no credential was made');
			return credential;
		},
		async receive(uri, txCode) {
			const review = await ask('receive.open', { text: uri });
			const { credentialIds } = await ask('receive.approve', { id: review.id, ...(txCode === undefined ? {} : { txCode }) });
			return credentialIds;
		},
		credentials: () => ask('credentials.list', {}),
		async deleteCredential(id) {
			await ask('credentials.delete', { id });
		},
		async request({ typeId, format, paths, did, encrypted }) {
			const { id } = await ask('verify.prepare', {
				title: 'Check at the door',
				request: { kind: 'claims', typeId, format, paths: paths.map((path) => [...path]) },
				verifierDid: did ?? null,
				encrypted: encrypted ?? false,
				expiresInMinutes: 10,
			});
			return ask('verify.approve', { id });
		},
		async present(uri, agreed) {
			const review = await ask('present.open', { text: uri });
			if (!review.canAnswer) throw new Refusal('present/nothing-matches', review.queries.map((query) => query.missing).join(' '));
			const choices = review.queries.flatMap((query) => {
				const first = query.candidates[0];
				return first ? [{ queryId: query.queryId, credentialId: first.credential.id, learned: first.learned.map((line) => dotted(line.path)) }] : [];
			});
			const learned = choices.flatMap((choice) => choice.learned);
			const beyond = learned.filter((path) => !agreed.some((each) => path === each || path.startsWith(`${each}.`)));
			if (beyond.length > 0) throw new Refusal('present/asks-for-more', beyond.join(', '));
			await ask('present.approve', { id: review.id, choices: choices.map(({ queryId, credentialId }) => ({ queryId, credentialId })) });
			return learned;
		},
		async refuse(uri) {
			const { id } = await ask('present.open', { text: uri });
			await ask('present.refuse', { id });
		},
		verification: (id) => ask('verify.get', { id }),
		async trust(issuer, name) {
			await ask('trust.add', { issuer, name });
		},
		activity: () => ask('activity.list', { limit: 100 }),
		close,
	};
}
