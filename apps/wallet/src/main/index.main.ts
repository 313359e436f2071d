import { join } from 'node:path';
import { EVENT_CHANNEL, type EventName, type LockReason } from '@holdfast/contract';
import { systemClock } from '@holdfast/kernel';
import { app, BrowserWindow, clipboard, dialog, ipcMain, Menu, powerMonitor, protocol, session, shell } from 'electron';
import { LockTimer } from './lock-timer.ts';
import { route } from './router.main.ts';
import {
	APP_URL,
	cleanEnvironment,
	debuggerRefusal,
	externalHost,
	hardenApp,
	hardenSession,
	isTrustedSender,
	linkFrom,
	registerScheme,
	serveFiles,
	windowOptions,
} from './security.main.ts';
import { VaultLink } from './vault-link.main.ts';

const SECRET_ON_CLIPBOARD_MS = 30_000;
const IDLE_POLL_MS = 5000;
/** After this long without input anywhere, the wallet may make proofs ahead. */
const IDLE_SEC = 30;
/** electron-chromium says that it is Electron, as Electron's API does, and adds its own name. */
const SHELL = 'electron-chromium' in process.versions ? 'chromium' : 'electron';

const say = (line: string): void => {
	process.stdout.write(`${line}\n`);
};

function start(): void {
	hardenApp(app);
	registerScheme(protocol);
	for (const scheme of ['openid4vp', 'openid-credential-offer', 'haip-vp', 'haip-vci']) app.setAsDefaultProtocolClient(scheme);

	let window: BrowserWindow | null = null;
	let link = linkFrom(process.argv.slice(1));
	let lockedBecause: LockReason | null = null;
	const timer = new LockTimer(systemClock);

	const tell = (name: EventName, payload: unknown): void => {
		if (window && !window.isDestroyed()) window.webContents.send(EVENT_CHANNEL, name, payload);
	};

	const linkArrived = (text: string | null): void => {
		if (text) {
			link = text;
			tell('link.arrived', {});
		}
		if (window?.isMinimized()) window.restore();
		window?.focus();
	};

	app.on('second-instance', (_event, argv) => linkArrived(linkFrom(argv)));
	app.on('open-url', (event, url) => {
		event.preventDefault();
		linkArrived(linkFrom([url]));
	});
	app.on('window-all-closed', () => app.quit());

	void app.whenReady().then(async () => {
		Menu.setApplicationMenu(null);
		hardenSession(session.defaultSession);
		serveFiles(protocol, join(import.meta.dirname, '../renderer'));

		const vault = new VaultLink({
			program: join(import.meta.dirname, 'vault-process.js'),
			dir: join(app.getPath('userData'), 'wallet'),
			circuits: app.isPackaged ? join(process.resourcesPath, 'circuits') : join(app.getAppPath(), '../../circuits'),
			production: app.isPackaged,
			onEvent: (name, payload) => tell(name as EventName, payload),
			onAutoLockMinutes: (minutes) => timer.unlocked(minutes),
			onCrash: () => showLocked('crashed'),
			chooseFolder: async (title) => {
				if (!window) return null;
				const chosen = await dialog.showOpenDialog(window, { title, properties: ['openDirectory', 'createDirectory'] });
				return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
			},
			chooseFile: async (title, endings) => {
				if (!window) return null;
				const filters = [{ name: title, extensions: [...endings] }];
				const chosen = await dialog.showOpenDialog(window, { title, properties: ['openFile'], filters });
				return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
			},
		});

		// The renderer is loaded anew, so that nothing that it had read stays in its memory.
		const showLocked = (reason: LockReason): void => {
			lockedBecause = reason;
			timer.locked();
			tell('vault.locked', {});
			if (window && !window.isDestroyed()) window.setFullScreen(false);
			if (window && !window.isDestroyed()) window.webContents.reload();
		};
		const lock = async (reason: LockReason): Promise<void> => {
			timer.locked();
			await vault.lock();
			showLocked(reason);
		};

		setInterval(() => {
			if (timer.due()) void lock('idle');
			vault.idle(!powerMonitor.isOnBatteryPower() && powerMonitor.getSystemIdleTime() >= IDLE_SEC);
		}, IDLE_POLL_MS).unref();
		for (const signal of ['lock-screen', 'suspend'] as const) {
			powerMonitor.on(signal as 'suspend', () => {
				if (timer.running) void lock('suspend');
			});
		}

		route(ipcMain, {
			vault,
			handlers: {
				'app.shell': () => ({
					version: app.getVersion(),
					shell: SHELL,
					note:
						SHELL === 'chromium'
							? 'Running in the installed Chromium, because Electron’s own program could not be had. Menus, the system keychain and updates are not available.'
							: null,
					platform: process.platform,
					lockedBecause,
				}),
				'app.copy': async ({ text, secret }) => {
					await clipboard.writeText(text);
					if (secret) {
						setTimeout(() => {
							void clipboard.readText().then((held) => (held === text ? clipboard.writeText('') : undefined));
						}, SECRET_ON_CLIPBOARD_MS).unref();
					}
					return {};
				},
				'app.openExternal': async ({ url }) => {
					const host = externalHost(url);
					if (!host || !window) return { opened: false };
					const answer = await dialog.showMessageBox(window, {
						type: 'question',
						buttons: ['Cancel', 'Open'],
						defaultId: 0,
						cancelId: 0,
						message: `Open ${host} in your browser?`,
						detail: 'The page will see your address on the network. Holdfast sends it nothing else.',
					});
					if (answer.response !== 1) return { opened: false };
					await shell.openExternal(url);
					return { opened: true };
				},
				'app.takeLink': () => {
					const text = link;
					link = null;
					return { text };
				},
				'app.fullScreen': ({ on }) => {
					window?.setFullScreen(on);
					return {};
				},
				'app.lock': async () => {
					await lock('user');
					return {};
				},
			},
		});
		ipcMain.on('holdfast:present', (event) => {
			if (isTrustedSender(event)) timer.present();
		});

		window = new BrowserWindow(windowOptions(join(import.meta.dirname, '../preload/index.cjs')));
		window.setContentProtection(true);
		window.webContents.on('render-process-gone', () => window?.webContents.reload());
		window.on('closed', () => {
			window = null;
		});
		window.once('ready-to-show', () => {
			window?.show();
			say('window ready');
			if (app.commandLine.hasSwitch('smoke')) app.quit();
		});

		let stopping = false;
		app.on('before-quit', (event) => {
			if (stopping) return;
			stopping = true;
			event.preventDefault();
			void vault.stop().finally(() => app.quit());
		});

		await window.loadURL(APP_URL);
	});
}

cleanEnvironment(process.env);
// A profile of its own, before anything looks at the folder: the lock below is one for each profile.
const profile = app.commandLine.getSwitchValue('profile');
if (profile) app.setPath('userData', profile);

const refusal = debuggerRefusal(app.isPackaged, [...process.argv, ...process.execArgv]);
if (refusal) {
	say(refusal);
	app.exit(1);
} else if (!app.requestSingleInstanceLock()) {
	// Another window has this profile: it was told, and shows itself.
	app.quit();
} else {
	start();
}
