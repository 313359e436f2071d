import pdfUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?worker&url';
import readerUrl from './reader-worker.dom.ts?worker&url';

interface TrustedTypes {
	createPolicy(name: string, rules: { createScriptURL(input: string): string }): { createScriptURL(input: string): string };
}

const URLS = { reader: readerUrl, pdf: pdfUrl } as const;

/** The page's one Trusted Types policy: it lets these workers of ours be started, and nothing else (docs/decisions/0020). */
const policy = (globalThis as { readonly trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('holdfast-worker', {
	createScriptURL: (input) => {
		if (!Object.values<string>(URLS).includes(input)) throw new Error('This is none of our workers.');
		return input;
	},
});

/** Starts a thread of the page: what searches pictures for codes, or what takes PDFs apart. */
export const startWorker = (which: keyof typeof URLS): Worker => new Worker(policy ? policy.createScriptURL(URLS[which]) : URLS[which], { type: 'module' });
