const unavailable = (): never => {
	throw new Error('Encryption is not available: this shell has no access to the key store of the system');
};

/** Electron's `safeStorage` on a system without a key store: it says so, and encrypts nothing. */
export const safeStorage = {
	isEncryptionAvailable: (): boolean => false,
	isAsyncEncryptionAvailable: (): Promise<boolean> => Promise.resolve(false),
	getSelectedStorageBackend: (): 'basic_text' => 'basic_text',
	encryptString: (_plainText: string): Buffer => unavailable(),
	decryptString: (_encrypted: Buffer): string => unavailable(),
	encryptStringAsync: async (_plainText: string): Promise<Buffer> => unavailable(),
	decryptStringAsync: async (_encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> => unavailable(),
	setUsePlainTextEncryption: (_usePlainText: boolean): void => unavailable(),
};
