import type { EventName, EventPayload } from '@holdfast/contract';
import type { Clock, Json, Random } from '@holdfast/kernel';
import type { GuardedFetch } from '@holdfast/net';
import type { IdlePort } from './proofs/pool.node.ts';
import type { ProofPorts } from './proofs/prover.node.ts';

/** Everything that a service needs from outside. */
export interface ServicePorts {
	/** The profile's folder; the vault's files are in it. */
	readonly dir: string;
	readonly clock: Clock;
	readonly random: Random;
	/** Asks the user for a folder; null when there was no answer. */
	readonly chooseFolder: (title: string) => Promise<string | null>;
	/** Asks the user for a file of one of these endings; null when there was no answer. Without it, no file can be chosen. */
	readonly chooseFile?: (title: string, endings: readonly string[]) => Promise<string | null>;
	readonly onEvent?: <N extends EventName>(name: N, payload: EventPayload<N> & Json) => void;
	/** Told at unlock and when the setting changes. */
	readonly onAutoLockMinutes?: (minutes: number) => void;
	/** How other servers are reached. Default: the guarded fetch, with this computer allowed. Tests give one that reaches nobody. */
	readonly fetch?: GuardedFetch;
	/** Where the thread that encrypts choices is, for a bundled host. */
	readonly shutterThread?: URL;
	/** Circuits and keys for zero-knowledge proofs. Without them the wallet neither makes nor checks any. */
	readonly proofs?: ProofPorts;
	/** When proofs may be made ahead. Without it, none are. */
	readonly idle?: IdlePort;
	/** Weaker key derivation, for tests only. */
	readonly kdf?: { readonly m: number; readonly t: number; readonly p: number };
	/**
	 * True where offers and requests may name a service that runs in another process of the same
	 * profile (the command line). The app keeps it false: there a link must never lead nowhere.
	 */
	readonly servicesElsewhere?: boolean;
}
