import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
	root: import.meta.dirname,
	base: './',
	plugins: [react()],
	// Fonts and pictures stay files: `font-src 'self'` allows no data: URL.
	build: { outDir: '../out/gallery', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: false },
});
