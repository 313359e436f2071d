/** Exit codes of the command: what a script can branch on without reading the error. */
export const EXIT = {
	done: 0,
	failed: 1,
	usage: 2,
	/** A verification that was not accepted, or something the holder did not agree to. */
	refused: 3,
	/** No vault, a wrong passphrase, a locked-out vault. */
	locked: 4,
	/** The other side could not be reached or did not answer as it must. */
	network: 5,
	notFound: 6,
	internal: 70,
} as const;

const BY_PREFIX: readonly (readonly [string, number])[] = [
	['cli/usage', EXIT.usage],
	['ipc/', EXIT.usage],
	['cli/not-approved', EXIT.refused],
	['verify/not-accepted', EXIT.refused],
	['credential/not-found', EXIT.notFound],
	['credential/', EXIT.refused],
	['present/', EXIT.refused],
	['presentation/', EXIT.refused],
	['receive/', EXIT.refused],
	['vault/', EXIT.locked],
	['net/', EXIT.network],
	['oid4vci/', EXIT.network],
	['oid4vp/', EXIT.network],
	['did/not-found', EXIT.notFound],
	['did/network', EXIT.network],
	['internal', EXIT.internal],
];

export const exitCodeFor = (code: string): number => BY_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1] ?? EXIT.failed;
