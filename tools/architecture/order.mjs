/** Each package imports only what stands before it. A name may stand here before its package exists. */
export const PACKAGE_ORDER = [
	'kernel',
	'net',
	'contract',
	'crypto',
	'vault',
	'chain',
	'devchain',
	'agent',
	'credentials',
	'groth16',
	'semaphore',
	'bbs',
	'zk',
	'zk-sd-jwt',
	'oid4vc',
	'web3',
	'qr',
	'tables',
	'ui',
	'electron-chromium',
	'service',
	'testkit',
];

/** What the renderer may import of the workspace. */
export const RENDERER_PACKAGES = ['contract', 'ui', 'kernel', 'qr'];

/** Which runtimes a file of each runtime may import (values, not types). */
export const RUNTIME_MAY_IMPORT = {
	pure: ['pure'],
	node: ['pure', 'node'],
	main: ['pure', 'node', 'main'],
	preload: ['pure', 'preload'],
	dom: ['pure', 'dom'],
};

/** Where Node's own modules exist. */
export const RUNTIMES_WITH_NODE = ['node', 'main'];

/** The preload runs in the page's process, so it gets only what it needs to pass calls on. */
export const PRELOAD_ELECTRON_NAMES = ['contextBridge', 'ipcRenderer'];

/** Linking one of these makes a package GPL-3.0-or-later. */
export const COPYLEFT_DEPENDENCIES = ['snarkjs', 'circomlib', 'circomlibjs', 'circom_tester', 'circom2', 'ffjavascript'];
