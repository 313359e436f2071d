import assert from 'node:assert/strict';
import type { Activity, CredentialSummary, Offer, Verification } from '@holdfast/contract';
import { type Actor, Refusal } from '@holdfast/testkit';
import type { Ran, RunOptions, Terminal } from './holdfast.node.ts';

interface Printed {
	readonly ok: boolean;
	readonly value?: unknown;
	readonly error?: { readonly code: string; readonly message: string };
}

/** What `--json` printed: one object on one line, and the exit code that goes with it. */
export function printed({ code, stdout, stderr }: Ran): Printed {
	assert.match(stdout, /^[^\n]+\n$/, `one line of JSON, not ${JSON.stringify({ code, stdout, stderr })}`);
	const object = JSON.parse(stdout) as Printed;
	assert.equal(object.ok, code === 0, 'the exit code says what the object says');
	assert.equal(object.ok, object.error === undefined);
	if (object.error) assert.match(object.error.code, /^([a-z0-9-]+\/[a-z0-9-]+|internal)$/);
	return object;
}

/** Somebody with the command line, each of whose commands is a process of its own. */
export function cliActor(terminal: Terminal, profile: string): Actor {
	const services: { stop(): Promise<Ran> }[] = [];

	const say = async (args: readonly string[], options?: RunOptions): Promise<Printed> => printed(await terminal.run(profile, args, options));
	const ask = async <T>(args: readonly string[], options?: RunOptions): Promise<T> => {
		const { value, error } = await say(args, options);
		if (error) throw new Refusal(error.code, error.message);
		return value as T;
	};

	const issueOptions = (options: Parameters<Actor['offer']>[0]) => ['--type', options.typeId, '--issuer', options.issuerDid, '--format', options.format];
	// Claims are personal: they come on standard input, as the manual advises.
	const withClaims = (options: Parameters<Actor['offer']>[0]) => ({ stdin: JSON.stringify(options.claims) });

	return {
		async createDid(method, keyType) {
			return (await ask<{ did: string }>(['did', 'create', '--method', method, ...(keyType ? ['--key-type', keyType] : [])])).did;
		},
		async serve(kind) {
			const service = await terminal.serve(profile, kind);
			services.push(service);
			return service.url;
		},
		offer: (options) =>
			ask<Offer>(
				[
					'offer',
					...issueOptions(options),
					'--claims',
					'-',
					'--yes',
					...(options.txCode ? ['--tx-code'] : []),
					...(options.byReference ? ['--by-reference'] : []),
				],
				withClaims(options),
			),
		async cancelOffer(id) {
			await ask(['offers', 'cancel', id]);
		},
		async issueTo(holderDid, options) {
			return (await ask<{ credential: string }>(['issue', ...issueOptions(options), '--holder', holderDid, '--claims', '-', '--yes'], withClaims(options)))
				.credential;
		},
		async receive(uri, txCode) {
			const args = ['receive', '-', '--yes', ...(txCode === undefined ? [] : ['--tx-code', txCode])];
			return (await ask<{ credentialIds: string[] }>(args, { stdin: uri })).credentialIds;
		},
		credentials: () => ask<CredentialSummary[]>(['credentials', 'list']),
		async deleteCredential(id) {
			await ask(['credentials', 'delete', id, '--yes']);
		},
		request: ({ typeId, format, paths, did, encrypted }) =>
			ask<Verification>([
				'request',
				'--title',
				'Check at the door',
				'--type',
				typeId,
				'--format',
				format,
				...paths.flatMap((path) => ['--claim', path.join('.')]),
				...(did ? ['--did', did] : []),
				...(encrypted ? ['--encrypted'] : []),
			]),
		async present(uri, agreed) {
			const { learned } = await ask<{ learned: (string | number | null)[][] }>(['present', uri, '--disclose', agreed.join(',')]);
			return learned.map((path) => path.map((part) => part ?? '*').join('.'));
		},
		async refuse(uri) {
			await ask(['present', uri, '--refuse']);
		},
		async verification(id) {
			// A verdict that says no is an answer all the same.
			const { value, error } = await say(['verify', id]);
			if (value === undefined) throw new Refusal(error?.code ?? '', error?.message ?? '');
			return value as Verification;
		},
		async trust(issuer, name) {
			await ask(['trust', 'add', issuer, name]);
		},
		activity: () => ask<Activity[]>(['activity', '--limit', '100']),
		async close() {
			const stopped = await Promise.all(services.map((service) => service.stop()));
			for (const { code } of stopped) assert.equal(code, 0, 'a service ends cleanly when it is asked to');
		},
	};
}
