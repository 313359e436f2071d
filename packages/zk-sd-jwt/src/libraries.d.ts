/** The part of ffjavascript that is used; the package has no types. Generic, so that it agrees with what other packages say of it. */
declare module 'ffjavascript' {
	export function buildBn128<T>(singleThread: boolean): Promise<T>;
}
