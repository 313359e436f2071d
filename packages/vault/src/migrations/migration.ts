/** A step from one version of the schema to the next. Once released, it never changes. */
export interface Migration {
	/** The version after this step; steps are numbered from 1 without gaps. */
	readonly version: number;
	readonly name: string;
	/** Runs inside a transaction. */
	readonly sql: string;
}
