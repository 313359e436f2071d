/**
 * A key store of the operating system (Electron's safeStorage), for "remember on this device". It is
 * refused where `backend` is `basic_text` or unknown, as that protects nothing.
 */
export interface DeviceWrap {
	/** Its name: `gnome_libsecret`, `kwallet6`, `keychain`, `dpapi`, … */
	readonly backend: string;
	wrap(bytes: Uint8Array): Promise<Uint8Array>;
	unwrap(bytes: Uint8Array): Promise<Uint8Array>;
}
