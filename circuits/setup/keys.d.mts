export declare function hashOf(path: string, algorithm?: string): string;
export declare function endThreads(): Promise<void>;
export declare function developmentPhase1(options: {
	readonly out: string;
	readonly power: number;
	readonly name: string;
	readonly entropy: string;
}): Promise<void>;
