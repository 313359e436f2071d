import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

interface Filter {
	readonly name: string;
	readonly extensions: readonly string[];
}

export interface FileDialogOptions {
	readonly title?: string;
	readonly defaultPath?: string;
	readonly filters?: readonly Filter[];
	readonly properties?: readonly string[];
	readonly [other: string]: unknown;
}

export interface MessageBoxOptions {
	readonly message: string;
	readonly detail?: string;
	readonly title?: string;
	readonly type?: string;
	readonly buttons?: readonly string[];
	readonly defaultId?: number;
	readonly cancelId?: number;
	readonly [other: string]: unknown;
}

interface Answer {
	readonly code: number;
	readonly text: string;
}

/** No program for dialogs is installed; the message says what to type. */
export class NoDialogError extends Error {
	constructor() {
		super('No dialog can be shown: install zenity or kdialog (Debian and Ubuntu: apt-get install zenity)');
		this.name = 'NoDialogError';
	}
}

const run = (command: string, args: readonly string[]): Promise<Answer | undefined> =>
	new Promise((resolve) => {
		const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
		let text = '';
		child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
			text += chunk;
		});
		child.on('error', () => resolve(undefined));
		child.on('close', (code) => resolve({ code: code ?? 1, text: text.replace(/\n$/, '') }));
	});

const zenityFile = (options: FileDialogOptions, save: boolean): string[] => [
	'--file-selection',
	'--separator=\n',
	...(save ? ['--save', '--confirm-overwrite'] : []),
	...(options.title === undefined ? [] : [`--title=${options.title}`]),
	...(options.defaultPath === undefined ? [] : [`--filename=${options.defaultPath}`]),
	...(options.properties?.includes('openDirectory') ? ['--directory'] : []),
	...(options.properties?.includes('multiSelections') ? ['--multiple'] : []),
	...(options.filters ?? []).map(
		({ name, extensions }) => `--file-filter=${name} | ${extensions.map((extension) => `*${extension === '*' ? '' : `.${extension}`}`).join(' ')}`,
	),
];

const kdialogFile = (options: FileDialogOptions, save: boolean): string[] => {
	const command = save ? '--getsavefilename' : options.properties?.includes('openDirectory') ? '--getexistingdirectory' : '--getopenfilename';
	const multiple = options.properties?.includes('multiSelections') ? ['--multiple', '--separate-output'] : [];
	const patterns = (options.filters ?? []).flatMap(({ extensions }) => extensions.map((extension) => (extension === '*' ? '*' : `*.${extension}`)));
	return [
		...(options.title === undefined ? [] : ['--title', options.title]),
		...multiple,
		command,
		options.defaultPath ?? '.',
		...(patterns.length > 0 ? [patterns.join(' ')] : []),
	];
};

/** Options come last: in Electron an owner window may stand before them. */
const optionsOf = <T>(args: readonly unknown[]): T => args[args.length - 1] as T;

/**
 * Electron's `dialog`, through zenity or kdialog. Where neither is installed the promise rejects with the line to type.
 *
 * For tests, `HOLDFAST_DIALOG_ANSWERS` names a JSON file with a list of results; each call takes and removes the first. It is
 * refused in a packaged app.
 */
export class Dialog {
	readonly #isPackaged: () => boolean;

	constructor(isPackaged: () => boolean) {
		this.#isPackaged = isPackaged;
	}

	async showOpenDialog(...args: readonly unknown[]): Promise<{ canceled: boolean; filePaths: string[] }> {
		const prepared = this.#prepared<{ canceled: boolean; filePaths: string[] }>();
		if (prepared !== undefined) return prepared;
		const options = optionsOf<FileDialogOptions>(args);
		const { code, text } = await this.#ask(zenityFile(options, false), kdialogFile(options, false));
		return code === 0 && text !== '' ? { canceled: false, filePaths: text.split('\n') } : { canceled: true, filePaths: [] };
	}

	async showSaveDialog(...args: readonly unknown[]): Promise<{ canceled: boolean; filePath: string }> {
		const prepared = this.#prepared<{ canceled: boolean; filePath: string }>();
		if (prepared !== undefined) return prepared;
		const options = optionsOf<FileDialogOptions>(args);
		const { code, text } = await this.#ask(zenityFile(options, true), kdialogFile(options, true));
		return code === 0 && text !== '' ? { canceled: false, filePath: text } : { canceled: true, filePath: '' };
	}

	/** Up to two buttons, as both programs have; more are an error. */
	async showMessageBox(...args: readonly unknown[]): Promise<{ response: number; checkboxChecked: boolean }> {
		const prepared = this.#prepared<{ response: number; checkboxChecked: boolean }>();
		if (prepared !== undefined) return prepared;
		const options = optionsOf<MessageBoxOptions>(args);
		const buttons = options.buttons ?? ['OK'];
		if (buttons.length > 2) throw new Error('This shell shows message boxes with one or two buttons');
		const [first = 'OK', second] = buttons;
		const text = options.detail === undefined ? options.message : `${options.message}\n\n${options.detail}`;
		const title = options.title ?? '';
		// Only a plain "yes" is the first button: closing the box or a failure is the other one.
		const zenity = second === undefined ? ['--info', `--ok-label=${first}`] : ['--question', `--ok-label=${first}`, `--cancel-label=${second}`];
		const kdialog = second === undefined ? ['--msgbox', text] : ['--yesno', text, '--yes-label', first, '--no-label', second];
		const { code } = await this.#ask([...zenity, '--no-markup', `--title=${title}`, `--text=${text}`], ['--title', title, ...kdialog]);
		return { response: second === undefined || code === 0 ? 0 : 1, checkboxChecked: false };
	}

	async #ask(zenity: readonly string[], kdialog: readonly string[]): Promise<Answer> {
		if (process.platform !== 'linux') throw new NoDialogError();
		const answer = (await run('zenity', zenity)) ?? (await run('kdialog', kdialog));
		if (answer === undefined) throw new NoDialogError();
		return answer;
	}

	#prepared<T>(): T | undefined {
		const file = process.env.HOLDFAST_DIALOG_ANSWERS;
		if (file === undefined || file === '') return undefined;
		if (this.#isPackaged()) throw new Error('HOLDFAST_DIALOG_ANSWERS is refused in a packaged app');
		const [first, ...rest] = JSON.parse(readFileSync(file, 'utf8')) as T[];
		if (first === undefined) throw new Error('HOLDFAST_DIALOG_ANSWERS has no answer left');
		writeFileSync(file, JSON.stringify(rest));
		return first;
	}
}
