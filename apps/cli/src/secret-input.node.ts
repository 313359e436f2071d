import { readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CliError, usage } from './errors.ts';

const MAX_BYTES = 4096;
const PAUSE_MS = 10;

/** Reads at most `length` bytes into `buffer`; 0 at the end. Waits where a pipe has nothing yet. */
export function readSome(fd: number, buffer: Uint8Array, offset: number, length: number): number {
	for (;;) {
		try {
			return readSync(fd, buffer, offset, length, null);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code === 'EOF') return 0; // Windows says so at the end of a pipe.
			if (code !== 'EAGAIN') throw error;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
		}
	}
}

/** The number of an open descriptor, as an option gives it. */
export function descriptor(option: string): (text: string) => number {
	return (text) => {
		if (!/^\d{1,3}$/.test(text)) throw usage(`${option} takes the number of an open file descriptor.`);
		return Number(text);
	};
}

/**
 * The next line that a file descriptor gives. Secrets come this way, never as arguments or in the environment: both
 * are visible to others. Nothing after the line is read, so that one descriptor can carry several.
 */
export function readLineFrom(fd: number): string {
	const buffer = Buffer.alloc(MAX_BYTES);
	let length = 0;
	try {
		while (length < MAX_BYTES) {
			if (readSome(fd, buffer, length, 1) === 0 || buffer[length] === 10) break;
			length += 1;
		}
		if (length === MAX_BYTES) throw usage('The line from the file descriptor is too long.');
		const line = buffer.toString('utf8', 0, length).replace(/\r$/, '');
		if (line === '') throw usage('The file descriptor gave an empty line.');
		return line;
	} catch (cause) {
		if (cause instanceof CliError) throw cause;
		throw usage('Nothing could be read from the file descriptor.', cause);
	} finally {
		buffer.fill(0);
	}
}

/** Asks at the terminal; with `hidden` nothing that is typed is shown. */
export function ask(question: string, hidden: boolean): Promise<string> {
	if (!process.stdin.isTTY)
		return Promise.reject(new CliError('cli/no-terminal', 'There is no terminal to ask at. Give the answer by an option (see --help).'));
	process.stderr.write(question);
	const output = new Writable({
		write(chunk, _encoding, done) {
			if (!hidden) process.stderr.write(chunk);
			done();
		},
	});
	const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
	return new Promise((resolve, reject) => {
		lines.on('SIGINT', () => {
			lines.close();
			process.stderr.write('\n');
			reject(new CliError('cli/interrupted', 'Stopped.'));
		});
		lines.question('', (answer) => {
			lines.close();
			if (hidden) process.stderr.write('\n');
			resolve(answer);
		});
	});
}

/** Asks for a new secret twice: what cannot be seen is easily mistyped. */
export async function askNew(question: string): Promise<string> {
	const first = await ask(question, true);
	if ((await ask('Once more: ', true)) !== first) throw usage('The two were not the same. Nothing was done.');
	return first;
}
