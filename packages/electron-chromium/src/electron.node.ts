// What `import … from 'electron'` means in a process that bin/electron has started.
import { BrowserWindow } from './browser-window.node.ts';
import { shell } from './external.node.ts';
import { currentShell } from './run.node.ts';
import { safeStorage } from './safe-storage.node.ts';
import { utilityProcess } from './utility-process.node.ts';

const { app, clipboard, dialog, ipcMain, nativeTheme, powerMonitor, protocol, session } = currentShell();

/** No menus in this shell: only their absence can be asked for. */
const Menu = {
	setApplicationMenu(menu: null): void {
		if (menu !== null) throw new Error('This shell has no menus');
	},
	getApplicationMenu: (): null => null,
};

export { app, BrowserWindow, clipboard, dialog, ipcMain, Menu, nativeTheme, powerMonitor, protocol, safeStorage, session, shell, utilityProcess };
export default { app, BrowserWindow, clipboard, dialog, ipcMain, Menu, nativeTheme, powerMonitor, protocol, safeStorage, session, shell, utilityProcess };
