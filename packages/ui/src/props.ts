/** `T` without its undefined members, so that an absent prop and an undefined one mean the same to a library. */
type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** `props` without the entries that are undefined. */
export function present<T extends object>(props: T): Present<T> {
	return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as Present<T>;
}

/** Class names, without the falsy ones. */
export function classes(...names: readonly (string | false | undefined)[]): string {
	return names.filter(Boolean).join(' ');
}

/** What a message is about; always shown with an icon and words too. */
export type Tone = 'info' | 'positive' | 'caution' | 'negative' | 'neutral';
