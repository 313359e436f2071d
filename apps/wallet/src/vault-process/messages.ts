import type { Json, Result } from '@holdfast/kernel';

// What main and the vault process say to each other. Both are ours, but what main forwards comes from
// the renderer, so the vault process parses every call again.

export type ToVault =
	| { readonly kind: 'start'; readonly dir: string; readonly circuits: string; readonly production: boolean }
	| { readonly kind: 'call'; readonly seq: number; readonly name: string; readonly input: unknown }
	| { readonly kind: 'answer'; readonly seq: number; readonly value: string | null }
	/** Whether nobody uses the computer and it runs on mains: the wallet may work by itself. */
	| { readonly kind: 'idle'; readonly idle: boolean }
	| { readonly kind: 'close' };

export type FromVault =
	| { readonly kind: 'ready' }
	| { readonly kind: 'result'; readonly seq: number; readonly result: Result<unknown> }
	| { readonly kind: 'event'; readonly name: string; readonly payload: Json }
	/** A question that only the shell can answer: which folder, or which file of these endings? `null` for none. */
	| { readonly kind: 'ask'; readonly seq: number; readonly question: 'folder' | 'file'; readonly title: string; readonly endings: readonly string[] }
	| { readonly kind: 'auto-lock'; readonly minutes: number }
	| { readonly kind: 'closed' };
