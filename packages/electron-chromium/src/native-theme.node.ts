import { EventEmitter } from 'node:events';
import type { WebContents } from './web-contents.node.ts';

export type ThemeSource = 'system' | 'light' | 'dark';

/** Electron's `nativeTheme`: what the page sees as `prefers-color-scheme`. */
export class NativeTheme extends EventEmitter {
	#source: ThemeSource = 'system';
	#systemIsDark = false;
	#contents: WebContents | undefined;

	get themeSource(): ThemeSource {
		return this.#source;
	}

	set themeSource(source: ThemeSource) {
		if (source !== 'system' && source !== 'light' && source !== 'dark') throw new TypeError(`'${String(source)}' is not a theme source`);
		const before = this.shouldUseDarkColors;
		this.#source = source;
		this.#apply().catch(() => {});
		if (this.shouldUseDarkColors !== before) this.emit('updated');
	}

	get shouldUseDarkColors(): boolean {
		return this.#source === 'system' ? this.#systemIsDark : this.#source === 'dark';
	}

	/** For a new window. Asks Chromium once what the desktop prefers. */
	async attach(contents: WebContents): Promise<void> {
		this.#contents = contents;
		const { result } = await contents.command('Runtime.evaluate', { expression: `matchMedia('(prefers-color-scheme: dark)').matches` });
		this.#systemIsDark = result.value === true;
		await this.#apply();
	}

	async #apply(): Promise<void> {
		const value = this.#source === 'system' ? '' : this.#source;
		await this.#contents?.command('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
	}
}
