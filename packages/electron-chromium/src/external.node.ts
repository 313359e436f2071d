import { spawn } from 'node:child_process';

const opener = (url: string): [string, string[]] => {
	if (process.platform === 'darwin') return ['open', [url]];
	if (process.platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
	return ['xdg-open', [url]];
};

/** Electron's `shell`, for web pages only. */
export const shell = {
	/** Opens an `https:` URL in the user's browser; anything else is refused. Rejects when no opener is installed. */
	async openExternal(url: string): Promise<void> {
		if (URL.parse(url)?.protocol !== 'https:') throw new Error('Only https: addresses can be opened');
		const [command, args] = opener(new URL(url).href);
		const child = spawn(command, args, { stdio: 'ignore', detached: true });
		await new Promise<void>((resolve, reject) => {
			child.once('spawn', resolve);
			child.once('error', () => reject(new Error(`The address could not be opened: ${command} is not installed`)));
		});
		child.unref();
	},
};
