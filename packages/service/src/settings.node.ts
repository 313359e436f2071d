import { calls, type Settings, type StationPolicy } from '@holdfast/contract';
import type { Json } from '@holdfast/kernel';
import type { Vault } from '@holdfast/vault';
import { z } from 'zod';

const DEFAULTS: Settings = { theme: 'system', autoLockMinutes: 10, statusUnknown: 'refuse', provesAhead: true };
const Stored = z
	.object({
		theme: z.enum(['system', 'light', 'dark']),
		autoLockMinutes: z.number().int().min(1).max(240),
		statusUnknown: z.enum(['refuse', 'accept-with-warning']),
		provesAhead: z.boolean(),
	})
	.partial();

export const readSettings = (vault: Vault): Settings => ({ ...DEFAULTS, ...vault.settings.get('app', Stored) }) as Settings;

export function updateSettings(vault: Vault, change: Partial<Settings>): Settings {
	const next = { ...readSettings(vault), ...change };
	vault.settings.set('app', next);
	return next;
}

export const phraseConfirmed = (vault: Vault): boolean => vault.settings.get('phrase-confirmed', z.boolean()) ?? false;
export const setPhraseConfirmed = (vault: Vault, confirmed: boolean): void => vault.settings.set('phrase-confirmed', confirmed);

const Address = z.object({ host: z.string(), port: z.number().int(), publicUrl: z.string().nullable(), url: z.string() });
export type ServiceAddress = z.infer<typeof Address>;

/** Where a service was last started, so that another process of this profile can name it. */
export const readAddress = (vault: Vault, kind: 'issuer' | 'verifier'): ServiceAddress | undefined => vault.settings.get(`service-${kind}`, Address);
export const writeAddress = (vault: Vault, kind: 'issuer' | 'verifier', address: ServiceAddress): void => vault.settings.set(`service-${kind}`, address);

const POLICIES = 'station-policies';
/** Policies of the verifier's station; none where they were written by a version that meant something else. */
export const readPolicies = (vault: Vault): StationPolicy[] => vault.settings.get(POLICIES, calls['station.policies'].output) ?? [];
export const writePolicies = (vault: Vault, policies: readonly StationPolicy[]): void => vault.settings.set(POLICIES, policies as unknown as Json);
