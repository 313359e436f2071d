import type Electron from 'electron';
import { describe, expect, it } from 'vitest';
import { ALLOWED_ELECTRON_NAMES } from './allowed-names.ts';
import { App } from './app.node.ts';
import { BrowserWindow } from './browser-window.node.ts';
import { Clipboard } from './clipboard.node.ts';
import { shell } from './external.node.ts';
import { NativeTheme } from './native-theme.node.ts';
import { PowerMonitor } from './power-monitor.node.ts';
import { safeStorage } from './safe-storage.node.ts';

// Checked by the compiler: where a member here no longer fits Electron's own declaration, `tsc` fails.
const fits = <_Shape>(_value: _Shape): void => {};
fits<
	Pick<
		Electron.App,
		| 'whenReady'
		| 'isReady'
		| 'quit'
		| 'exit'
		| 'getPath'
		| 'setPath'
		| 'getName'
		| 'setName'
		| 'getVersion'
		| 'getAppPath'
		| 'getLocale'
		| 'isPackaged'
		| 'requestSingleInstanceLock'
		| 'releaseSingleInstanceLock'
		| 'hasSingleInstanceLock'
		| 'setAsDefaultProtocolClient'
		| 'isDefaultProtocolClient'
		| 'enableSandbox'
		| 'disableHardwareAcceleration'
	>
>({} as App);
fits<Pick<Electron.CommandLine, 'appendSwitch' | 'hasSwitch' | 'getSwitchValue' | 'removeSwitch'>>({} as App['commandLine']);
fits<
	Pick<
		Electron.BrowserWindow,
		| 'id'
		| 'loadURL'
		| 'show'
		| 'hide'
		| 'close'
		| 'destroy'
		| 'isDestroyed'
		| 'focus'
		| 'isFocused'
		| 'minimize'
		| 'restore'
		| 'isMinimized'
		| 'setFullScreen'
		| 'isFullScreen'
		| 'isVisible'
		| 'reload'
		| 'setTitle'
		| 'getTitle'
		| 'setContentProtection'
		| 'removeMenu'
	>
>({} as BrowserWindow);
fits<Pick<Electron.WebContents, 'id' | 'send' | 'reload' | 'getURL' | 'isDestroyed' | 'isCrashed' | 'loadURL' | 'openDevTools' | 'forcefullyCrashRenderer'>>(
	{} as BrowserWindow['webContents'],
);
fits<Pick<Electron.Clipboard, 'readText' | 'writeText' | 'clear'>>({} as Clipboard);
fits<Pick<Electron.Shell, 'openExternal'>>(shell);
fits<Pick<Electron.NativeTheme, 'themeSource' | 'shouldUseDarkColors'>>({} as NativeTheme);
fits<Pick<Electron.PowerMonitor, 'getSystemIdleTime' | 'getSystemIdleState'>>({} as PowerMonitor);
fits<Pick<Electron.SafeStorage, 'isEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptString' | 'decryptString'>>(safeStorage);
fits<readonly (keyof typeof Electron)[]>(ALLOWED_ELECTRON_NAMES);

describe('the allowed names', () => {
	it('are the ones that this shell provides', async () => {
		const provided = [
			'app',
			'BrowserWindow',
			'clipboard',
			'dialog',
			'ipcMain',
			'Menu',
			'nativeTheme',
			'powerMonitor',
			'protocol',
			'safeStorage',
			'session',
			'shell',
			'utilityProcess',
		];
		const inPreload = ['contextBridge', 'ipcRenderer'];
		expect([...ALLOWED_ELECTRON_NAMES].sort()).toEqual([...provided, ...inPreload].sort());
		expect([App, BrowserWindow, Clipboard, NativeTheme, PowerMonitor].every((item) => typeof item === 'function')).toBe(true);
	});
});
