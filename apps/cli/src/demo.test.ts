import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const BIN = join(import.meta.dirname, '..', 'bin', 'holdfast.mjs');
let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs `holdfast demo` with a temporary folder of its own; `onOutput` can stop it. */
function demo(args: readonly string[], onOutput: (output: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined) {
	return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
		const child = spawn(process.execPath, [BIN, 'demo', ...args], { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
		let output = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (text: string) => {
				output += text;
				onOutput(output, (signal) => child.kill(signal));
			});
		}
		child.once('error', reject);
		child.once('close', (code) => resolve({ code, output }));
	});
}

const nodeAt = (output: string): string => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? 'http://127.0.0.1:1';
const leftBehind = (): string[] => readdirSync(folder).filter((name) => name.startsWith('holdfast-demo-'));

test('shows the triangle in both formats on a chain of its own, and leaves nothing behind', async () => {
	const { code, output } = await demo([]);
	expect(output).toContain('The chain has ended and the wallets are deleted.');
	expect(code).toBe(0);
	for (const said of [
		'makes did:ethr:0x7a69:0x',
		'Harbour Club: Not accepted. Its issuer is not on your list of trusted issuers.',
		'Present and verify (dc+sd-jwt)',
		'Harbour Club learned: Given name: Ada; Family name: Sample; Nationalities: France (FR), United Kingdom (GB)\n',
		'Harbour Club did not learn: Date of birth, Street',
		'Present and verify (jwt_vc_json)',
		'Harbour Club was shown everything',
		'Harbour Club learned: The holder declined to share.',
		'No transaction was made',
	]) {
		expect(output).toContain(said);
	}
	// Nothing that was hidden stands where the verifier's knowledge is told.
	const learned = /Present and verify \(dc\+sd-jwt\)[\s\S]*?did not learn/.exec(output)?.[0] ?? '';
	expect(learned).not.toMatch(/1990|Harbour Road|E14/);
	expect(leftBehind()).toEqual([]);
	await expect(fetch(nodeAt(output))).rejects.toThrow();
});

test.each(['SIGINT', 'SIGTERM'] as const)('ends the chain and removes the wallets on %s', async (signal) => {
	let sent = false;
	const { code, output } = await demo([], (said, kill) => {
		if (sent || !said.includes('Three wallets')) return;
		sent = true;
		expect(leftBehind()).toHaveLength(1);
		kill(signal);
	});
	expect(code).toBe(130);
	expect(output).toContain('[cli/interrupted]');
	expect(output).not.toContain('Afterwards');
	expect(leftBehind()).toEqual([]);
	await expect(fetch(nodeAt(output))).rejects.toThrow();
});

test('prints one JSON object with --json', async () => {
	const { code, output } = await demo(['--json']);
	expect(code).toBe(0);
	const { ok, value } = JSON.parse(output) as { ok: boolean; value: { steps: { title: string; lines: string[] }[] } };
	expect(ok).toBe(true);
	expect(value.steps.map((step) => step.title)).toContain('Refuse');
});
