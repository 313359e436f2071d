/** The part of ffjavascript that is used; the package has no types. */
declare module 'ffjavascript' {
	export function buildBn128(singleThread: boolean): Promise<unknown>;
}
