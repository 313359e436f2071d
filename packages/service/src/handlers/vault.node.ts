import { createAgent, createDidKeyResolver, createHolderKeyResolver, createIssuerKeyResolver } from '@holdfast/agent';
import type { EventName, EventPayload } from '@holdfast/contract';
import { generateMnemonic, validateMnemonic } from '@holdfast/crypto';
import { createGuardedFetch } from '@holdfast/net';
import { createVault, deleteVault, openVault, type Vault, vaultExists, vaultRetryAfterMs } from '@holdfast/vault';
import { record } from '../activity.node.ts';
import { Imports } from '../batch/imports.node.ts';
import { BatchRuns } from '../batch/run.node.ts';
import { ServiceError } from '../errors.ts';
import { networks } from '../networks.node.ts';
import { assessPassphrase } from '../passphrase.ts';
import type { ServicePorts } from '../ports.ts';
import { ProofPool } from '../proofs/pool.node.ts';
import { createProofs } from '../proofs/prover.node.ts';
import { markInterrupted } from '../recovery.node.ts';
import { Reviews } from '../reviews.ts';
import { createServers } from '../servers.node.ts';
import type { Handlers, OpenHandlers } from '../service.node.ts';
import type { ReviewKinds, Session } from '../session.node.ts';
import { readSettings, setPhraseConfirmed } from '../settings.node.ts';
import { Station } from '../station.node.ts';

/** The way in: what calls before the unlock can reach. */
export interface Doors {
	readonly ports: ServicePorts;
	emit<N extends EventName>(name: N, payload: EventPayload<N>): void;
	session(): Session | undefined;
	enter(session: Session): void;
}

function enter(vault: Vault, doors: Doors): Session {
	const { ports } = doors;
	const { clock, random } = ports;
	// Loopback is the user's own machine: an issuer or a chain that runs there is theirs.
	const fetch = ports.fetch ?? createGuardedFetch({ allowLoopback: true });
	const agent = createAgent({ vault, networks: networks(vault), fetch, clock, random });
	const session: Session = {
		ports,
		clock,
		random,
		vault,
		fetch,
		agent,
		keys: { issuer: createIssuerKeyResolver(agent), holder: createHolderKeyResolver(agent), did: createDidKeyResolver(agent) },
		reviews: new Reviews<ReviewKinds>(clock, random),
		servers: createServers(() => session),
		station: new Station(() => session),
		proofs: createProofs(ports.proofs, random),
		proofPool: new ProofPool(() => session, ports.idle),
		running: new Map(),
		imports: new Imports(),
		batches: new BatchRuns(),
		parsed: new Map(),
		closed: () => doors.session() !== session,
		changed: (area, id) => doors.emit('data.changed', id === undefined ? { area } : { area, id }),
		emit: doors.emit,
	};
	markInterrupted(session);
	doors.enter(session);
	ports.onAutoLockMinutes?.(readSettings(vault).autoLockMinutes);
	return session;
}

function requireStrong(passphrase: string): void {
	const { acceptable, advice } = assessPassphrase(passphrase);
	if (!acceptable) throw new ServiceError('vault/weak-passphrase', advice);
}

function requireEmpty(doors: Doors): void {
	if (doors.session() || vaultExists(doors.ports.dir)) {
		throw new ServiceError('vault/exists', 'There is already a wallet in this profile. Unlock it, or use another profile.');
	}
}

export const vaultDoorHandlers: OpenHandlers = {
	'vault.status': (_input, { ports, session }) => {
		if (session()) return { phase: 'unlocked', retryAfterMs: 0 };
		if (!vaultExists(ports.dir)) return { phase: 'empty', retryAfterMs: 0 };
		return { phase: 'locked', retryAfterMs: vaultRetryAfterMs(ports.dir, ports.clock) };
	},

	'vault.assessPassphrase': ({ passphrase }) => assessPassphrase(passphrase),

	'vault.create': async ({ passphrase }, doors) => {
		requireEmpty(doors);
		requireStrong(passphrase);
		const { dir, clock, random, kdf } = doors.ports;
		const words = generateMnemonic(random, 256);
		const vault = await createVault({ dir, passphrase, mnemonic: words, clock, random, ...(kdf ? { kdf } : {}) });
		setPhraseConfirmed(vault, false);
		record(enter(vault, doors), { kind: 'security', title: 'Wallet created' });
		return { words: [...words] };
	},

	'vault.restore': async ({ passphrase, words }, doors) => {
		requireEmpty(doors);
		requireStrong(passphrase);
		const mnemonic = words.map((word) => word.trim().toLowerCase());
		validateMnemonic(mnemonic);
		const { dir, clock, random, kdf } = doors.ports;
		const vault = await createVault({ dir, passphrase, mnemonic, clock, random, ...(kdf ? { kdf } : {}) });
		setPhraseConfirmed(vault, true);
		record(enter(vault, doors), {
			kind: 'security',
			title: 'Keys restored from a recovery phrase',
			detail: 'Documents are not part of the phrase: ask their issuers for them again.',
		});
		return {};
	},

	'vault.unlock': async ({ passphrase }, doors) => {
		if (doors.session()) return {};
		const { dir, clock, random, kdf } = doors.ports;
		enter(await openVault({ dir, passphrase, clock, random, ...(kdf ? { kdf } : {}) }), doors);
		return {};
	},
};

export const vaultHandlers: Handlers<'vault.confirmPhrase' | 'vault.revealPhrase' | 'vault.changePassphrase' | 'vault.delete'> = {
	'vault.confirmPhrase': ({ answers }, session) => {
		const positions = new Set(answers.map((answer) => answer.position));
		const confirmed =
			positions.size >= 3 && session.vault.matchesMnemonic(answers.map(({ position, word }) => ({ position, word: word.trim().toLowerCase() })));
		if (confirmed) {
			setPhraseConfirmed(session.vault, true);
			session.changed('notices');
		}
		return { confirmed };
	},

	'vault.revealPhrase': async ({ passphrase }, session) => {
		const words = await session.vault.revealMnemonic(passphrase);
		record(session, { kind: 'security', title: 'Recovery phrase shown' });
		return { words: [...words.reveal()] };
	},

	'vault.changePassphrase': async ({ current, next }, session) => {
		requireStrong(next);
		await session.vault.changePassphrase(current, next);
		record(session, { kind: 'security', title: 'Passphrase changed' });
		return {};
	},

	'vault.delete': async ({ passphrase }, session) => {
		await session.vault.verifyPassphrase(passphrase);
		for (const controller of session.running.values()) controller.abort();
		session.proofPool.close();
		await session.servers.stopAll();
		session.vault.close();
		deleteVault(session.ports.dir);
		return {};
	},
};
