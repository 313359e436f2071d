import type { Page } from 'playwright';

/** Which program shows the window. */
export type Shell = 'electron' | 'chromium';

/** One running Holdfast with a profile of its own. */
export interface App {
	readonly shell: Shell;
	readonly page: Page;
	/** The profile's folder: everything that this wallet writes is in it. */
	readonly userData: string;
	/** Process id of the process that holds the keys; it changes with each locking. */
	vaultPid(): Promise<number>;
	/** What the app and its children wrote to stdout and stderr so far. */
	output(): string;
	/** Hands a link to the running window, as a browser does: by starting the app once more on the same profile. */
	openLink(link: string): Promise<void>;
	/** Ends the app and waits for its processes. */
	close(): Promise<void>;
	/** Ends the app and starts it again on the same profile. */
	relaunch(): Promise<App>;
}

export interface LaunchOptions {
	/** The profile's folder; it is made when it is missing. */
	readonly userData: string;
	/** What else stands on the command line. */
	readonly args?: readonly string[];
	/** Chromium's switches, for example for a camera that is not there. */
	readonly switches?: readonly string[];
}
