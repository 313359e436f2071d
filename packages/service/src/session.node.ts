import type { HoldfastAgent } from '@holdfast/agent';
import type { EventName, EventPayload } from '@holdfast/contract';
import type { HolderKeyResolver, IssuerKeyResolver, ParsedCredential } from '@holdfast/credentials';
import type { Clock, Random } from '@holdfast/kernel';
import type { GuardedFetch } from '@holdfast/net';
import type { DidKeyResolver } from '@holdfast/oid4vc';
import type { Vault } from '@holdfast/vault';
import type { Imports } from './batch/imports.node.ts';
import type { BatchRuns } from './batch/run.node.ts';
import type { ApprovalSubject } from './handlers/approvals.node.ts';
import type { OwnershipSubject } from './handlers/assets.node.ts';
import type { IssueSubject } from './handlers/issue.node.ts';
import type { ChoiceSubject, LinkSubject, OwnersSubject } from './handlers/owners.node.ts';
import type { PresentSubject } from './handlers/present.node.ts';
import type { ReceiveSubject } from './handlers/receive.node.ts';
import type { RegisterSubject } from './handlers/register.node.ts';
import type { VerifySubject } from './handlers/verify.node.ts';
import type { FollowSubject } from './handlers/votes.node.ts';
import type { PolicySubject } from './policy-file.node.ts';
import type { ServicePorts } from './ports.ts';
import type { ProofPool } from './proofs/pool.node.ts';
import type { Proofs } from './proofs/prover.node.ts';
import type { Reviews } from './reviews.ts';
import type { Servers } from './servers.node.ts';
import type { Station } from './station.node.ts';
import type { VoteSubject } from './votes/view.node.ts';

export interface ReviewKinds extends Record<string, object> {
	receive: ReceiveSubject;
	present: PresentSubject;
	issue: IssueSubject;
	verify: VerifySubject;
	register: RegisterSubject;
	follow: FollowSubject;
	vote: VoteSubject;
	ownership: OwnershipSubject;
	owners: OwnersSubject;
	link: LinkSubject;
	choice: ChoiceSubject;
	policy: PolicySubject;
	approval: ApprovalSubject;
}

export type Area = EventPayload<'data.changed'>['area'];

/** What exists only while the wallet is unlocked. */
export interface Session {
	readonly ports: ServicePorts;
	readonly clock: Clock;
	readonly random: Random;
	readonly vault: Vault;
	readonly agent: HoldfastAgent;
	readonly fetch: GuardedFetch;
	/** How keys of issuers, holders and verifiers are found: through the agent's resolver. */
	readonly keys: { readonly issuer: IssuerKeyResolver; readonly holder: HolderKeyResolver; readonly did: DidKeyResolver };
	readonly reviews: Reviews<ReviewKinds>;
	readonly servers: Servers;
	/** Requests and verdicts of the verifier's station; gone when the wallet locks. */
	readonly station: Station;
	/** Proofs of statements about claims: made and checked. */
	readonly proofs: Proofs;
	/** Proofs that were made while nobody needed the computer. */
	readonly proofPool: ProofPool;
	/** Exchanges that are under way in this process, with the way to stop them. */
	readonly running: Map<string, AbortController>;
	/** Files that are being looked at, and batches that are being issued. */
	readonly imports: Imports;
	readonly batches: BatchRuns;
	readonly parsed: Map<string, ParsedCredential>;
	/** True once the wallet was locked: nothing may be asked of the vault any more. */
	closed(): boolean;
	changed(area: Area, id?: string): void;
	emit<N extends EventName>(name: N, payload: EventPayload<N>): void;
}
