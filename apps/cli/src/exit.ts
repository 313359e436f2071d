/** Exit codes of the command: what a script can branch on without reading the error. */
export const EXIT = {
	done: 0,
	failed: 1,
	/** The command cannot be run as it was given. */
	usage: 2,
	/** A verification that was not accepted, a document that was not taken in, or something the holder did not agree to. */
	refused: 3,
	/** No wallet, a wrong passphrase, a wallet that is locked for a while. */
	locked: 4,
	/** The other side could not be reached, said no, or does not keep to the protocol. */
	peer: 5,
	notFound: 6,
	/** A mistake in Holdfast. */
	internal: 70,
	interrupted: 130,
} as const;

// The first prefix that fits decides, so what is special stands before its area.
const BY_PREFIX: readonly (readonly [string, number])[] = [
	['cli/not-approved', EXIT.refused],
	['cli/interrupted', EXIT.interrupted],
	['cli/', EXIT.usage],
	['ipc/', EXIT.usage],
	['verify/not-accepted', EXIT.refused],
	['verify/no-such-request', EXIT.notFound],
	['verify/unknown-preset', EXIT.usage],
	['issue/no-such-offer', EXIT.notFound],
	['issue/offer-over', EXIT.failed],
	['issue/', EXIT.usage],
	['import/', EXIT.usage],
	['table/', EXIT.usage],
	['batch/not-found', EXIT.notFound],
	['batch/wrong-rows', EXIT.refused],
	['status/no-such-list', EXIT.notFound],
	['credential/not-found', EXIT.notFound],
	['credential/', EXIT.refused],
	['present/', EXIT.refused],
	['presentation/', EXIT.refused],
	['receive/not-found', EXIT.notFound],
	['receive/tx-code-needed', EXIT.usage],
	['receive/', EXIT.refused],
	['vault/not-found', EXIT.locked],
	['vault/wrong-passphrase', EXIT.locked],
	['vault/empty-passphrase', EXIT.locked],
	['vault/locked', EXIT.locked],
	['vault/weak-passphrase', EXIT.usage],
	['crypto/mnemonic', EXIT.usage],
	['net/', EXIT.peer],
	['chain/', EXIT.peer],
	['oid4vci/not-an-offer', EXIT.usage],
	['oid4vci/too-long', EXIT.usage],
	['oid4vci/', EXIT.peer],
	['oid4vp/not-a-request', EXIT.usage],
	['oid4vp/too-long', EXIT.usage],
	['oid4vp/', EXIT.peer],
	['did/not-found', EXIT.notFound],
	['did/not-managed', EXIT.notFound],
	['did/invalid', EXIT.usage],
	['did/unsupported', EXIT.usage],
	['did/unknown-network', EXIT.usage],
	['did/network', EXIT.peer],
	['internal', EXIT.internal],
];

export const exitCodeFor = (code: string): number => BY_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1] ?? EXIT.failed;
