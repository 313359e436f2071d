import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

// Workspace packages are TypeScript source and are bundled; what has native code stays outside the bundle.
// So do the prover for ordinary documents, which starts a program of its own, and its circuits' runtime.
const native = ['better-sqlite3-multiple-ciphers', '@node-rs/argon2', '@shutter-network/shutter-crypto', '@aztec/bb.js', '@noir-lang/noir_js'];

// The provers' threads are files of their own: the vault process starts them by their address.
const groth16Thread = fileURLToPath(new URL('worker.node.ts', import.meta.resolve('@holdfast/groth16')));
const shutterThread = fileURLToPath(new URL('votes/snapshot/shutter-thread.node.ts', import.meta.resolve('@holdfast/web3')));
const bbsThread = fileURLToPath(new URL('proofs/bbs-thread.node.ts', import.meta.resolve('@holdfast/service')));

/** The two fonts that sheets of codes are set in. PDFKit looks for them beside itself when they are used: in the bundle, they are inside. */
const pdfFonts: Plugin = {
	name: 'pdf-fonts',
	transform(code, id) {
		if (!/pdfkit\/js\/pdfkit\.node\.mjs$/.test(id)) return null;
		let out = code;
		for (const font of ['Helvetica', 'HelveticaBold']) {
			const call = `require$1('#standard-fonts/${font}')`;
			if (!out.includes(call)) throw new Error(`PDFKit no longer loads ${font} as this build expects`);
			out = `import font${font} from 'pdfkit/standard-fonts/${font}';\n${out.replace(call, () => `font${font}`)}`;
		}
		return { code: out, map: null };
	},
};

export default defineConfig({
	main: {
		plugins: [pdfFonts],
		build: {
			externalizeDeps: false,
			rollupOptions: {
				external: ['electron', ...native],
				input: {
					index: 'src/main/index.main.ts',
					'vault-process': 'src/vault-process/index.node.ts',
					'groth16-thread': groth16Thread,
					'bbs-thread': bbsThread,
					'shutter-thread': shutterThread,
				},
				output: { format: 'es' },
			},
		},
	},
	preload: {
		build: {
			externalizeDeps: false,
			rollupOptions: {
				external: ['electron'],
				input: { index: 'src/preload/index.preload.ts' },
				// A sandboxed preload script has to be CommonJS.
				output: { format: 'cjs', entryFileNames: '[name].cjs' },
			},
		},
	},
	renderer: {
		root: 'src/renderer',
		base: './',
		plugins: [react()],
		worker: { format: 'es' },
		build: {
			rollupOptions: { input: 'src/renderer/index.html' },
			// The polyfill would be an inline script, which the content security policy refuses.
			modulePreload: { polyfill: false },
			assetsInlineLimit: 0,
		},
	},
});
