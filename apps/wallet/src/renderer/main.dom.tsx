import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@holdfast/ui/styles.css';
import './app.css';
import { App } from './shell/app.dom.tsx';
import { applyRememberedTheme } from './shell/theme.dom.ts';

// A file dropped beside its place would otherwise replace the page.
for (const type of ['dragover', 'drop']) window.addEventListener(type, (event) => event.preventDefault());

applyRememberedTheme();

const root = document.getElementById('root');
if (root) {
	createRoot(root).render(
		<StrictMode>
			<App />
		</StrictMode>,
	);
}
