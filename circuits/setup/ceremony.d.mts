export interface CeremonySetting {
	readonly folder: string;
	readonly source: string;
	readonly circuits: readonly string[];
	readonly publicSignals: { readonly [circuit: string]: readonly string[] };
	readonly known: { readonly files: readonly { readonly name: string; readonly power: number; readonly blake2b512: string }[] };
	readonly say: (text: string) => void;
}

export interface Ceremony {
	begin(options: { readonly phase1: string }): Promise<void>;
	addContribution(options: { readonly name: string; readonly extra?: string }): Promise<void>;
	addBeacon(options: { readonly name: string; readonly value: string; readonly iterations: number }): Promise<void>;
	verify(options?: { readonly phase1?: string }): Promise<{ readonly problems: readonly string[]; readonly skipped: readonly string[] }>;
}

export declare function ceremony(setting: CeremonySetting): Ceremony;
