import type { ErrorInfo } from './error.ts';
import { errorInfo } from './error.ts';

/** What a call returns across a boundary: a value or an error, never a throw. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorInfo };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const err = (error: ErrorInfo): Result<never> => ({ ok: false, error });

/** Runs `work` and turns what it throws into an error result. */
export async function settle<T>(work: () => T | Promise<T>): Promise<Result<T>> {
	try {
		return ok(await work());
	} catch (error) {
		return err(errorInfo(error));
	}
}
