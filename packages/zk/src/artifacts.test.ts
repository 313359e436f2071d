import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { hexEncode, sha256 } from '@holdfast/crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { openArtifacts } from './artifacts.ts';
import { artifactsInFolder } from './artifacts-folder.node.ts';
import { CIRCUIT_IDS } from './public-signals.ts';
import { readZkeyHeader } from './zkey-header.ts';

const FOLDER = fileURLToPath(new URL('../../../circuits/', import.meta.url));

type Loose = { [key: string]: Loose } & { [key: string]: unknown };
let manifest: Loose;
beforeAll(async () => {
	manifest = JSON.parse(await readFile(`${FOLDER}manifest.json`, 'utf8'));
});

const read = async (path: string): Promise<Uint8Array> => new Uint8Array(await readFile(FOLDER + path));
const changed = (change: (copy: Loose) => void): unknown => {
	const copy = structuredClone(manifest);
	change(copy);
	return copy;
};
const pathOf = (kind: string): string => String(manifest.circuits?.bound?.[kind]?.path);
const refusal = (code: string) => expect.objectContaining({ code });

/** The manifest with another file in the place of a pinned one, and its right hash: as somebody would who can change both. */
function withFile(kind: 'zkey' | 'vkey' | 'wasm', bytes: Uint8Array) {
	const json = changed(({ circuits }) => {
		const entry = circuits?.bound?.[kind] as unknown as { sha256: string; bytes: number };
		entry.sha256 = hexEncode(sha256(bytes));
		entry.bytes = bytes.length;
	});
	return openArtifacts({ manifest: json, read: async () => bytes, production: false });
}

test('every shipped file is the pinned one, and every key has its contributions', async () => {
	const artifacts = await artifactsInFolder(FOLDER, { production: false });
	for (const circuit of CIRCUIT_IDS) {
		const { contributions, publicSignals } = artifacts.manifest.circuits[circuit];
		const header = readZkeyHeader(await artifacts.zkey(circuit));
		expect(header).toMatchObject({ contributions, publicSignals: publicSignals.length, gammaIsDelta: false });
		expect((await artifacts.vkey(circuit)).IC.length).toBe(publicSignals.length + 1);
		expect((await artifacts.wasm(circuit)).subarray(0, 4)).toEqual(Uint8Array.of(0, 0x61, 0x73, 0x6d));
	}
});

describe('refused', () => {
	test('a development setup in a production build', () => {
		expect(() => openArtifacts({ manifest: changed((copy) => Object.assign(copy.setup as object, { label: 'development' })), read, production: true })).toThrow(
			refusal('zk/development-setup'),
		);
	});

	test('a ceremony on a development phase 1', () => {
		const json = changed((copy) => {
			Object.assign(copy.setup as object, { label: 'ceremony' });
			Object.assign((copy.setup as Loose).phase1 as object, { source: 'development' });
		});
		expect(() => openArtifacts({ manifest: json, read, production: true })).toThrow(refusal('zk/insecure-setup'));
	});

	test('a key without contributions', () => {
		const json = changed(({ circuits }) => Object.assign(circuits?.bound as object, { contributions: 0 }));
		expect(() => openArtifacts({ manifest: json, read, production: false })).toThrow(refusal('zk/insecure-setup'));
	});

	test.each(['zkey', 'vkey', 'wasm'] as const)('a changed %s', async (kind) => {
		const flip = async (path: string): Promise<Uint8Array> => {
			const bytes = await read(path);
			bytes[1000] = (bytes[1000] ?? 0) ^ 1;
			return bytes;
		};
		await expect(openArtifacts({ manifest, read: flip, production: false })[kind]('bound')).rejects.toThrow(refusal('zk/artifact-mismatch'));
	});

	test.each(['zkey', 'vkey', 'wasm'] as const)('a missing %s', async (kind) => {
		const missing = () => Promise.reject(new Error('ENOENT'));
		await expect(openArtifacts({ manifest, read: missing, production: false })[kind]('bound')).rejects.toThrow(refusal('zk/artifact-missing'));
	});

	test('fewer contributions than the manifest says', async () => {
		const json = changed(({ circuits }) => Object.assign(circuits?.bound as object, { contributions: 99 }));
		await expect(openArtifacts({ manifest: json, read, production: false }).zkey('bound')).rejects.toThrow(refusal('zk/insecure-setup'));
	});

	test('a proving key whose gamma is delta, hash or no hash', async () => {
		const zkey = await read(pathOf('zkey'));
		const at = headerOf(zkey) + 72 + 12 + 64 + 64 + 128;
		zkey.copyWithin(at + 128 + 64, at, at + 128);
		expect(readZkeyHeader(zkey).gammaIsDelta).toBe(true);
		await expect(withFile('zkey', zkey).zkey('bound')).rejects.toThrow(refusal('zk/insecure-setup'));
	});

	test('a verification key whose gamma is delta, or for other public signals', async () => {
		const vkey = JSON.parse(new TextDecoder().decode(await read(pathOf('vkey'))));
		const bytes = (change: object) => new TextEncoder().encode(JSON.stringify({ ...vkey, ...change }));
		await expect(withFile('vkey', bytes({ vk_delta_2: vkey.vk_gamma_2 })).vkey('bound')).rejects.toThrow(refusal('zk/insecure-setup'));
		await expect(withFile('vkey', bytes({ nPublic: 3 })).vkey('bound')).rejects.toThrow(refusal('zk/insecure-setup'));
		await expect(withFile('vkey', bytes({ IC: vkey.IC.slice(1) })).vkey('bound')).rejects.toThrow(refusal('zk/insecure-setup'));
		await expect(withFile('vkey', bytes({})).vkey('bound')).resolves.toEqual(vkey);
	});

	test('a truncated proving key, and one that is something else', async () => {
		const zkey = await read(pathOf('zkey'));
		for (const bytes of [zkey.subarray(0, zkey.length - 1), zkey.subarray(0, 40), new Uint8Array(10), new Uint8Array()]) {
			expect(() => readZkeyHeader(bytes)).toThrow(refusal('zk/artifact-malformed'));
		}
	});

	test.each([
		['no object', null],
		['an unknown circuit', (copy: Loose) => Object.assign(copy.circuits as object, { other: {} })],
		['a missing circuit', (copy: Loose) => delete (copy.circuits as Loose).bound],
		['a path upwards', (copy: Loose) => Object.assign(copy.circuits?.bound?.zkey as object, { path: '../x' })],
		['an absolute path', (copy: Loose) => Object.assign(copy.circuits?.bound?.zkey as object, { path: '/x' })],
		['public signals in another order', (copy: Loose) => Object.assign(copy.circuits?.bound as object, { publicSignals: ['scope', 'nullifier'] })],
		['a hash that is none', (copy: Loose) => Object.assign(copy.circuits?.bound?.vkey as object, { sha256: 'x' })],
	])('a list of circuits with %s', (_name, change) => {
		const json = change === null ? null : changed(change);
		expect(() => openArtifacts({ manifest: json, read, production: false })).toThrow(refusal('zk/artifact-malformed'));
	});
});

function headerOf(zkey: Uint8Array): number {
	const view = new DataView(zkey.buffer, zkey.byteOffset);
	for (let at = 12; ; at += 12 + Number(view.getBigUint64(at + 4, true))) if (view.getUint32(at, true) === 2) return at + 12;
}
