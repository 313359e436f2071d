import { App, type AppHost } from './app.node.ts';
import { BrowserWindow } from './browser-window.node.ts';
import { Clipboard } from './clipboard.node.ts';
import { Dialog } from './dialog.node.ts';
import { IpcMain } from './ipc-main.node.ts';
import { NativeTheme } from './native-theme.node.ts';
import { PowerMonitor } from './power-monitor.node.ts';
import { Protocol } from './protocol.node.ts';
import { Session } from './session.node.ts';
import type { WebContents } from './web-contents.node.ts';

/** Everything that `import … from 'electron'` hands out in this process. */
export interface Shell {
	readonly app: App;
	readonly clipboard: Clipboard;
	readonly dialog: Dialog;
	readonly ipcMain: IpcMain<WebContents>;
	readonly nativeTheme: NativeTheme;
	readonly powerMonitor: PowerMonitor;
	readonly protocol: Protocol;
	readonly session: { readonly defaultSession: Session<WebContents> };
}

export function createShell(host: AppHost): Shell {
	const windows = new Set<BrowserWindow>();
	const app = new App(host, {
		async closeAll() {
			for (const window of [...windows]) {
				window.close();
				if (!window.isDestroyed()) return false;
				await window.whenClosed;
			}
			return true;
		},
		async destroyAll() {
			for (const window of [...windows]) {
				window.destroy();
				await window.whenClosed;
			}
		},
	});
	const ipcMain = new IpcMain<WebContents>();
	const protocol = new Protocol(() => app.isReady());
	const defaultSession = new Session<WebContents>(protocol);
	const nativeTheme = new NativeTheme();
	const powerMonitor = new PowerMonitor(() => Date.now());
	BrowserWindow.host = { app, ipc: ipcMain, protocol, session: defaultSession, theme: nativeTheme, power: powerMonitor, windows };
	return {
		app,
		clipboard: new Clipboard(() => [...windows][0]),
		dialog: new Dialog(() => app.isPackaged),
		ipcMain,
		nativeTheme,
		powerMonitor,
		protocol,
		session: { defaultSession },
	};
}
