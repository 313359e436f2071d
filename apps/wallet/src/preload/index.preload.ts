import { CALL_CHANNEL, EVENT_CHANNEL, type HoldfastBridge } from '@holdfast/contract/bridge';
import { contextBridge, ipcRenderer } from 'electron';

// All that the page can reach. Names and inputs are checked in main and again in the vault process;
// here only the two channels are fixed, and no Electron object is handed on.
const listeners = new Map<string, Set<(payload: unknown) => void>>();

ipcRenderer.on(EVENT_CHANNEL, (_event, name: unknown, payload: unknown) => {
	for (const listener of listeners.get(String(name)) ?? []) listener(payload);
});

const bridge: HoldfastBridge = {
	call: (name, input) => ipcRenderer.invoke(CALL_CHANNEL, name, input),
	on: (name, listener) => {
		const heard = listeners.get(name) ?? new Set();
		listeners.set(name, heard);
		const own = listener as (payload: unknown) => void;
		heard.add(own);
		return () => {
			heard.delete(own);
		};
	},
};

contextBridge.exposeInMainWorld('holdfast', bridge);

// Tells main that somebody is there, so that the wallet locks when nobody is.
let told = 0;
for (const type of ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const) {
	window.addEventListener(
		type,
		() => {
			if (Date.now() - told < 5000) return;
			told = Date.now();
			ipcRenderer.send('holdfast:present');
		},
		{ capture: true, passive: true },
	);
}
