import { type CallInput, type CallName, type CallOutput, calls, type EventName, type EventPayload, isCallName } from '@holdfast/contract';
import { err, type Json, type Result, settle } from '@holdfast/kernel';
import { ServiceError } from './errors.ts';
import { approvalHandlers } from './handlers/approvals.node.ts';
import { assetHandlers } from './handlers/assets.node.ts';
import { batchHandlers } from './handlers/batch.node.ts';
import { credentialHandlers } from './handlers/credentials.node.ts';
import { descriptionHandlers } from './handlers/descriptions.node.ts';
import { didHandlers } from './handlers/dids.node.ts';
import { issueHandlers } from './handlers/issue.node.ts';
import { logHandlers } from './handlers/log.node.ts';
import { ownersHandlers } from './handlers/owners.node.ts';
import { presentHandlers } from './handlers/present.node.ts';
import { proofHandlers } from './handlers/proofs.node.ts';
import { receiveHandlers } from './handlers/receive.node.ts';
import { registerHandlers } from './handlers/register.node.ts';
import { safeHandlers } from './handlers/safe.node.ts';
import { settingsHandlers } from './handlers/settings.node.ts';
import { stationHandlers } from './handlers/station.node.ts';
import { typeHandlers } from './handlers/types.node.ts';
import { type Doors, vaultDoorHandlers, vaultHandlers } from './handlers/vault.node.ts';
import { verifyHandlers } from './handlers/verify.node.ts';
import { voteHandlers } from './handlers/votes.node.ts';
import type { ServicePorts } from './ports.ts';
import type { Session } from './session.node.ts';

type CallsWith<H extends string, A extends string> = { [N in CallName]: (typeof calls)[N] extends { host: H; access: A } ? N : never }[CallName];

/** Handlers of calls that need no unlocked vault. */
export type OpenHandlers = { [N in CallsWith<'vault', 'open'>]: (input: CallInput<N>, doors: Doors) => CallOutput<N> | Promise<CallOutput<N>> };
/** Handlers of the calls in `N`, which get the unlocked session. */
export type Handlers<N extends CallName> = {
	[K in N]: (input: (typeof calls)[K]['input']['_output'], session: Session) => CallOutput<K> | Promise<CallOutput<K>>;
};

type UnlockedHandlers = Handlers<CallsWith<'vault', 'unlocked'>>;

const openHandlers: OpenHandlers = vaultDoorHandlers;
const unlockedHandlers: UnlockedHandlers = {
	...vaultHandlers,
	...settingsHandlers,
	...didHandlers,
	...credentialHandlers,
	...receiveHandlers,
	...presentHandlers,
	...issueHandlers,
	...registerHandlers,
	...approvalHandlers,
	...batchHandlers,
	...typeHandlers,
	...verifyHandlers,
	...assetHandlers,
	...stationHandlers,
	...ownersHandlers,
	...proofHandlers,
	...voteHandlers,
	...safeHandlers,
	...descriptionHandlers,
	...logHandlers,
};

/** The contract, at work on one profile. */
export interface Service {
	/** Parses the input, checks the lock, runs the call and parses what it returns. Never throws. */
	call(name: string, input: unknown): Promise<Result<unknown>>;
	/** As {@link call}, typed, for callers inside the same program. */
	invoke<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>;
	/** Stops services and closes the database. */
	close(): Promise<void>;
}

/** Opens a service on the profile in `ports.dir`. Nothing is read or written before the first call. */
export function createService(ports: ServicePorts): Service {
	let session: Session | undefined;

	const emit = <N extends EventName>(name: N, payload: EventPayload<N>): void => ports.onEvent?.(name, payload as EventPayload<N> & Json);
	const doors: Doors = {
		ports,
		emit,
		session: () => session,
		enter: (next) => {
			session = next;
		},
	};

	const close = async (): Promise<void> => {
		const leaving = session;
		session = undefined;
		if (!leaving) return;
		for (const controller of leaving.running.values()) controller.abort();
		leaving.batches.stopAll();
		leaving.proofPool.close();
		await leaving.servers.stopAll();
		await leaving.proofs.close();
		leaving.vault.close();
	};

	const run = async (name: CallName, input: unknown): Promise<unknown> => {
		const definition = calls[name];
		if (definition.host !== 'vault') throw new ServiceError('ipc/unknown-call', 'This call belongs to the window, not to the wallet.');
		const parsed = definition.input.safeParse(input);
		if (!parsed.success) {
			// Only where it went wrong is told, never what was sent.
			const where = parsed.error.issues.map((issue) => issue.path.join('.')).slice(0, 8);
			throw new ServiceError('ipc/invalid-input', 'Something that was asked for could not be read.', { where });
		}
		let value: unknown;
		if (definition.access === 'open') {
			value = await (openHandlers[name as keyof OpenHandlers] as (input: unknown, doors: Doors) => unknown)(parsed.data, doors);
		} else {
			if (!session) throw new ServiceError('vault/locked', 'The wallet is locked. Unlock it first.');
			value = await (unlockedHandlers[name as keyof UnlockedHandlers] as (input: unknown, session: Session) => unknown)(parsed.data, session);
			if (name === 'vault.delete') await close();
		}
		// What leaves is held to the contract too: no field that it does not name gets out.
		return definition.output.parse(value);
	};

	/** As {@link run}; what the wallet does by itself waits until it is over. */
	const attend = async (name: CallName, input: unknown): Promise<unknown> => {
		const attended = session?.proofPool.interrupt();
		try {
			return await run(name, input);
		} finally {
			attended?.();
		}
	};

	const call = (name: string, input: unknown): Promise<Result<unknown>> =>
		isCallName(name) ? settle(() => attend(name, input)) : Promise.resolve(err({ code: 'ipc/unknown-call', message: 'There is no such call.', data: {} }));

	return {
		call,
		invoke: (name, input) => call(name, input) as Promise<Result<CallOutput<typeof name>>>,
		close,
	};
}
