import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { BackendType, Barretenberg, findBbBinary } from '@aztec/bb.js';
import { ZkSdJwtError } from './errors.ts';
import { CANONICAL_G2, CANONICAL_G2_SHA256, G1_GENERATOR, type ReferenceString } from './reference-string.ts';

/** SHA-256 of the WebAssembly module of @aztec/bb.js 5.0.0, unpacked. */
const MODULE_SHA256 = 'b89126c8e9be7e4250857f072c1262c84cd69ce8f1e6b19aec1ba347274aeb03';

/** UltraHonk over BN254 with zero knowledge and the Poseidon2 transcript: `verifierTarget: 'noir-recursive'` of bb.js. */
export const PROOF_SYSTEM = { ipaAccumulation: false, oracleHashType: 'poseidon2', disableZk: false, optimizedSolidityVerifier: false };

const failed = (cause?: unknown): ZkSdJwtError =>
	new ZkSdJwtError('zk-sd-jwt/prover-failed', 'The proof could not be made.', cause === undefined ? {} : { cause });

/**
 * The native prover of @aztec/bb.js as a child process: requests and answers through its pipes, length first, so that the
 * secret inputs touch neither disk nor socket. It reads the points from `folder`, and is ended by {@link Barretenberg.destroy}.
 */
export function startNative(folder: string, threads: number): Barretenberg {
	const binary = findBbBinary();
	if (!binary) throw new ZkSdJwtError('zk-sd-jwt/prover-unavailable', 'There is no native prover for this system.');
	// HOME as well: without it the prover would look for points in the person's folders.
	const child = spawn(binary, ['msgpack', 'run'], {
		stdio: ['pipe', 'pipe', 'ignore'],
		env: { CRS_PATH: folder, HOME: folder, HARDWARE_CONCURRENCY: String(threads) },
	});
	const waiting: { resolve(answer: Uint8Array): void; reject(error: unknown): void }[] = [];
	const ended = (cause?: unknown): void => {
		for (const each of waiting.splice(0)) each.reject(failed(cause));
	};
	let received: Buffer = Buffer.alloc(0);
	let chunks: Buffer[] = [];
	let have = 0;
	child.stdout.on('data', (chunk: Buffer) => {
		chunks.push(chunk);
		have += chunk.length;
		for (;;) {
			if (have < 4) return;
			received = Buffer.concat(chunks);
			chunks = [received];
			const length = received.readUInt32LE(0);
			if (have < 4 + length) return;
			waiting.shift()?.resolve(new Uint8Array(received.subarray(4, 4 + length)));
			received = received.subarray(4 + length);
			chunks = [received];
			have = received.length;
		}
	});
	child.on('error', ended);
	child.on('exit', () => ended());
	child.stdin.on('error', ended);
	return new Barretenberg(
		{
			call: (request) =>
				new Promise((resolve, reject) => {
					if (child.exitCode !== null || child.signalCode !== null) return reject(failed());
					waiting.push({ resolve, reject });
					const length = Buffer.alloc(4);
					length.writeUInt32LE(request.length);
					child.stdin.write(length);
					child.stdin.write(request);
				}),
			destroy: async () => {
				ended();
				if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
				const gone = new Promise((resolve) => child.once('exit', resolve));
				child.kill('SIGKILL');
				await gone;
			},
		},
		{},
	);
}

const modulePath = (): string =>
	join(dirname(createRequire(import.meta.url).resolve('@aztec/bb.js')), '..', 'node', 'barretenberg_wasm', 'barretenberg-threads.wasm.gz');

async function wasm(path: string | undefined, use: (api: Barretenberg) => Promise<void>): Promise<Barretenberg> {
	const api = await Barretenberg.new({ backend: BackendType.Wasm, threads: 1, skipSrsInit: true, ...(path === undefined ? {} : { wasmPath: path }) });
	try {
		await use(api);
		return api;
	} catch (cause) {
		await api.destroy();
		throw cause;
	}
}

async function readModule(): Promise<Buffer> {
	const module = gunzipSync(await readFile(modulePath()));
	if (createHash('sha256').update(module).digest('hex') !== MODULE_SHA256) {
		throw new ZkSdJwtError('zk-sd-jwt/bad-artifact', 'The verifier that is installed is not the one that Holdfast was built with.');
	}
	return module;
}

/**
 * The verifier in WebAssembly, on every system. It needs [x]_2 of the string and no more points than the generator.
 *
 * @aztec/bb.js refuses every [x]_2 but the canonical one, by a hash in its module. For a development string, and only then, a
 * copy of the module is used in which those 32 bytes are those of the development string; its code is the same to the byte.
 */
export async function startVerifier(string: ReferenceString): Promise<Barretenberg> {
	const module = await readModule();
	const init = async (api: Barretenberg): Promise<void> => {
		await api.srsInitSrs({ pointsBuf: G1_GENERATOR.slice(), numPoints: 1, g2Point: string.g2.slice() });
	};
	if (string.setup === 'canonical') return wasm(undefined, init);
	const pin = Buffer.from(CANONICAL_G2_SHA256, 'hex');
	const at = module.indexOf(pin);
	if (at < 0 || module.indexOf(pin, at + 1) >= 0)
		throw new ZkSdJwtError('zk-sd-jwt/bad-artifact', 'The verifier that is installed cannot take a development string.');
	module.set(Buffer.from(string.id, 'hex'), at);
	const folder = await mkdtemp(join(tmpdir(), 'holdfast-verifier-'));
	try {
		await writeFile(join(folder, 'development.wasm'), module);
		return await wasm(join(folder, 'development.wasm'), init);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** The canonical points, from 32 bytes each to 64, each chunk compared with the hash that bb.js pins. */
export async function decompressCanonical(compressed: Uint8Array): Promise<Uint8Array> {
	const bad = (cause?: unknown): ZkSdJwtError =>
		new ZkSdJwtError('zk-sd-jwt/bad-reference-string', 'This file is not the reference string of the public ceremony.', cause === undefined ? {} : { cause });
	if (compressed.length === 0 || compressed.length % 32 !== 0) throw bad();
	await readModule();
	let points: Uint8Array | undefined;
	try {
		const api = await wasm(undefined, async (each) => {
			points = (await each.srsInitSrs({ pointsBuf: compressed, numPoints: compressed.length / 32, g2Point: CANONICAL_G2.slice() })).pointsBuf;
		});
		await api.destroy();
	} catch (cause) {
		throw bad(cause);
	}
	if (points?.length !== compressed.length * 2) throw bad();
	return points;
}
