import { closeSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { HoldfastError } from '@holdfast/kernel';

const MAX_BYTES = 4096;

/** The first line that a file descriptor gives. Secrets come this way, never as arguments: those are visible to other users. */
export function readLineFrom(fd: number): string {
	const buffer = Buffer.alloc(MAX_BYTES);
	let length = 0;
	try {
		while (length < MAX_BYTES && !buffer.subarray(0, length).includes(10)) {
			const got = readSync(fd, buffer, length, MAX_BYTES - length, null);
			if (got === 0) break;
			length += got;
		}
		if (fd > 2) closeSync(fd);
		const line = buffer.subarray(0, length).toString('utf8');
		return (line.split('\n')[0] ?? '').replace(/\r$/, '');
	} catch (cause) {
		throw new HoldfastError('cli/usage', `Nothing could be read from file descriptor ${fd}.`, { cause });
	} finally {
		buffer.fill(0);
	}
}

/** Asks at the terminal; with `hidden` nothing that is typed is shown. */
export function ask(question: string, hidden: boolean): Promise<string> {
	if (!process.stdin.isTTY) return Promise.reject(new HoldfastError('cli/usage', 'There is no terminal to ask at. Give the answer by an option (see --help).'));
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
			reject(new HoldfastError('cli/not-approved', 'Stopped.'));
		});
		lines.question('', (answer) => {
			lines.close();
			if (hidden) process.stderr.write('\n');
			resolve(answer);
		});
	});
}
