export { delayAfter } from './attempts.node.ts';
export type { DeviceWrap } from './deviceWrap.ts';
export { VaultError, type VaultErrorCode, type VaultPart } from './errors.ts';
export { DEFAULT_KDF, MAXIMUM_KDF, MINIMUM_KDF } from './kdf.ts';
export type { ActivityRepository, ActivityRow } from './repositories/activity.node.ts';
export type { BatchItem, BatchRepository, BatchRow, BatchRowState, BatchState } from './repositories/batches.node.ts';
export type { CacheRepository, CacheRow } from './repositories/cache.node.ts';
export type { CollectionRepository, CollectionRow } from './repositories/collections.node.ts';
export type { CredentialFormatName, CredentialGroup, CredentialRepository, CredentialRow } from './repositories/credentials.node.ts';
export type { CredentialTypeRepository, CredentialTypeRow } from './repositories/credentialTypes.node.ts';
export type { DaoRepository, DaoRow } from './repositories/daos.node.ts';
export type { DescriptionRepository, DescriptionRow } from './repositories/descriptions.node.ts';
export type { DidKey, DidRepository, DidRow, DidService } from './repositories/dids.node.ts';
export type { ExchangeKind, ExchangeOutcome, ExchangeRepository, ExchangeRow } from './repositories/exchanges.node.ts';
export type { IssuedDocument, IssuedFilter, IssuedRepository, IssuedRow, IssuedState } from './repositories/issued.node.ts';
export { isBoundPurpose, type KeyRepository, type KeyRow } from './repositories/keys.node.ts';
export type { NetworkRepository, NetworkRow } from './repositories/networks.node.ts';
export type { NonceRepository } from './repositories/nonces.node.ts';
export type { OfferRepository, OfferRow, OfferState } from './repositories/offers.node.ts';
export type { PreparedProofRepository, PreparedProofRow } from './repositories/preparedProofs.node.ts';
export type { ProofNullifierRepository } from './repositories/proofNullifiers.node.ts';
export type { ProofRevocationRepository, ProofRevocationRow } from './repositories/proofRevocations.node.ts';
export type { SafeFileRepository, SafeFileRow } from './repositories/safeFiles.node.ts';
export type { SettingRepository } from './repositories/settings.node.ts';
export type { StatusListRepository, StatusListRow } from './repositories/statusLists.node.ts';
export type { TrustedIssuerRepository, TrustedIssuerRow } from './repositories/trustedIssuers.node.ts';
export type { VerificationRepository, VerificationRow, VerificationState } from './repositories/verifications.node.ts';
export type { VoteRepository, VoteRow, VoteState } from './repositories/votes.node.ts';
export {
	type CreateOptions,
	createVault,
	deleteVault,
	openVault,
	openVaultOnDevice,
	type UnlockOptions,
	Vault,
	type VaultOptions,
	vaultExists,
	vaultRetryAfterMs,
} from './vault.node.ts';
export type { Passphrase } from './vaultKey.node.ts';
