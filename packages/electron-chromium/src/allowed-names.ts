/** Every name that code of this repository may import from `electron`. Electron has more; this shell does not. */
export const ALLOWED_ELECTRON_NAMES = [
	'app',
	'BrowserWindow',
	'clipboard',
	'contextBridge',
	'dialog',
	'ipcMain',
	'ipcRenderer',
	'Menu',
	'nativeTheme',
	'powerMonitor',
	'protocol',
	'safeStorage',
	'session',
	'shell',
	'utilityProcess',
] as const;

export type AllowedElectronName = (typeof ALLOWED_ELECTRON_NAMES)[number];
