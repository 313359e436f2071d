// The package's own declarations are not reachable through its "exports". What is used here, and no more.
declare module 'better-sqlite3-multiple-ciphers' {
	type Value = string | number | bigint | Uint8Array | null;

	interface Statement {
		run(parameters: { readonly [name: string]: Value }): { readonly changes: number };
		get(parameters: { readonly [name: string]: Value }): unknown;
		all(parameters: { readonly [name: string]: Value }): unknown[];
	}

	class Database {
		constructor(path: string, options: { readonly fileMustExist: boolean; readonly timeout: number });
		readonly open: boolean;
		readonly inTransaction: boolean;
		prepare(sql: string): Statement;
		exec(sql: string): this;
		pragma(source: string, options?: { readonly simple: boolean }): unknown;
		/** 0 when the key was taken; the file is read only later. */
		key(key: Uint8Array): number;
		close(): this;
	}

	export type { Statement };
	export default Database;
}
