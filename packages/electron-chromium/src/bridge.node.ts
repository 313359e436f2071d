import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** The scripts that Chromium runs at the start of each document, before any script of the page. */
export interface BridgeScripts {
	/** Name of the preload's world. */
	readonly world: string;
	/** Name of the binding, visible in that world only. */
	readonly binding: string;
	/** Name of the function, in that world only, which takes messages from the main process. */
	readonly deliver: string;
	readonly mainWorld: string;
	readonly isolatedWorld: string;
}

// The bridge files are one exported function each: without the keyword they are an expression of the same meaning.
const functionSource = (file: string): string => {
	const text = readFileSync(new URL(`./bridge/${file}`, import.meta.url), 'utf8');
	const start = text.indexOf('export function ');
	return `(${text.slice(start + 'export '.length).trim()})`;
};

/**
 * @param preload path of the preload script (CommonJS; `require('electron')` only), or undefined for none
 * @param subframes whether it runs in frames below the main one as well (Electron's `nodeIntegrationInSubFrames`)
 */
export function bridgeScripts(preload: string | undefined, subframes: boolean): BridgeScripts {
	const secret = randomBytes(12).toString('hex');
	const names = { hello: `hello-${secret}`, binding: `binding_${secret}`, deliver: `deliver_${secret}`, subframes };
	const bridgeEnd = functionSource('bridge-end.js');
	const body = preload === undefined ? '' : readFileSync(preload, 'utf8');
	const label = preload === undefined ? 'none' : basename(preload).replace(/[^\w.-]/g, '_');
	const config = JSON.stringify(names);
	return {
		world: `preload-${secret}`,
		binding: names.binding,
		deliver: names.deliver,
		mainWorld: `'use strict';${functionSource('main-world.js')}(${config}, ${bridgeEnd});`,
		isolatedWorld: `'use strict';${functionSource('isolated-world.js')}(${config}, ${bridgeEnd}, ${functionSource('codec.js')}, function (require, module, exports, process) {\n${body}\n});\n//# sourceURL=preload/${label}`,
	};
}
