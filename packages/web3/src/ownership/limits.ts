/** What a proof may cost at most: it comes from whoever claims to own something. */
export const LIMITS = {
	/** Characters of a bundle. Two contracts of the largest size and their proofs take a fifth. */
	text: 512 * 1024,
	headerBytes: 4096,
	accounts: 24,
	slots: 256,
	/** EIP-170 allows 24,576; some networks allow more. */
	codeBytes: 64 * 1024,
	signatureBytes: 8 * 1024,
	/** For all calls together. A token is looked up for some ten thousand; ERC721A may read hundreds of slots. */
	gas: 5_000_000n,
	/** Accounts bound to tokens that own each other's tokens. */
	tokenBoundDepth: 3,
	/** Characters of the two texts that are signed. */
	verifier: 2048,
	purpose: 300,
	/** Seconds between the two times of a statement. */
	lifeSec: 3600,
} as const;
