import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { BackendType, Barretenberg, findBbBinary } from '@aztec/bb.js';
import { hexDecode } from '@holdfast/crypto';
import { ZkSdJwtError } from './errors.ts';
import { CANONICAL_G2, CANONICAL_G2_SHA256, CANONICAL_X1, G1_GENERATOR, type ReferenceString } from './reference-string.ts';

/** SHA-256 of the WebAssembly module of @aztec/bb.js 5.0.0, unpacked. */
const MODULE_SHA256 = 'b89126c8e9be7e4250857f072c1262c84cd69ce8f1e6b19aec1ba347274aeb03';

/** UltraHonk over BN254 with zero knowledge and the Poseidon2 transcript: `verifierTarget: 'noir-recursive'` of bb.js. */
export const PROOF_SYSTEM = { ipaAccumulation: false, oracleHashType: 'poseidon2', disableZk: false, optimizedSolidityVerifier: false };

const failed = (cause?: unknown): ZkSdJwtError =>
	new ZkSdJwtError('zk-sd-jwt/prover-failed', 'The proof could not be made.', cause === undefined ? {} : { cause });

/** The native prover's program, where the release has one for this system. */
export const nativeProver = (): string | undefined => findBbBinary() ?? undefined;

/**
 * The native prover of @aztec/bb.js as a child process: requests and answers through its pipes, length first, so that the
 * secret inputs touch neither disk nor socket. It reads the points from `folder`, and is ended by {@link Barretenberg.destroy}.
 */
export function startNative(folder: string, threads: number): Barretenberg {
	const binary = nativeProver();
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

async function readModule(): Promise<Buffer> {
	const module = gunzipSync(await readFile(modulePath()));
	if (createHash('sha256').update(module).digest('hex') !== MODULE_SHA256) {
		throw new ZkSdJwtError('zk-sd-jwt/bad-artifact', 'The verifier that is installed is not the one that Holdfast was built with.');
	}
	return module;
}

function replaceOnce(module: Buffer, old: Uint8Array, by: Uint8Array): void {
	const at = module.indexOf(old);
	if (at < 0 || module.indexOf(old, at + 1) >= 0)
		throw new ZkSdJwtError('zk-sd-jwt/bad-artifact', 'The verifier that is installed cannot take a development string.');
	module.set(by, at);
}

/**
 * The release's WebAssembly module with these points of a reference string loaded.
 *
 * @aztec/bb.js refuses every string but the canonical one, by a hash of [x]_2 and a copy of [x]_1 in its module. For a
 * development string, and only then, a copy of the module is used in which those 96 bytes of data are those of the
 * development string; its code is the same to the byte.
 */
async function startModule(
	string: Omit<ReferenceString, 'points'>,
	points: Uint8Array,
	pointSize: 32 | 64,
	run: { backend: BackendType; threads: number },
): Promise<{ api: Barretenberg; expanded: Uint8Array }> {
	const module = await readModule();
	const folder = await mkdtemp(join(tmpdir(), 'holdfast-zk-'));
	let api: Barretenberg | undefined;
	try {
		if (string.setup === 'development') {
			replaceOnce(module, hexDecode(CANONICAL_G2_SHA256), hexDecode(string.id));
			replaceOnce(module, CANONICAL_X1, string.x1);
		}
		// bb.js takes a module from a file only; the one that was just checked is the one that it gets.
		await writeFile(join(folder, 'barretenberg.wasm'), module);
		api = await Barretenberg.new({ ...run, skipSrsInit: true, wasmPath: join(folder, 'barretenberg.wasm') });
		const { pointsBuf } = await api.srsInitSrs({ pointsBuf: points, numPoints: points.length / pointSize, g2Point: string.g2.slice() });
		return { api, expanded: pointsBuf };
	} catch (cause) {
		await api?.destroy();
		throw cause;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** The verifier, on every system. It needs [x]_2 of the string and no more points than the generator. */
export async function startVerifier(string: Omit<ReferenceString, 'points'>): Promise<Barretenberg> {
	return (await startModule(string, G1_GENERATOR.slice(), 64, { backend: BackendType.Wasm, threads: 1 })).api;
}

/** The prover in WebAssembly, in workers: ten times slower, for systems without a native one. */
export async function startWasmProver(string: ReferenceString, g1: Uint8Array, threads: number): Promise<Barretenberg> {
	return (await startModule(string, g1, 64, { backend: BackendType.WasmWorker, threads })).api;
}

/** The canonical points, from 32 bytes each to 64, each chunk compared with the hash that bb.js pins. */
export async function decompressCanonical(compressed: Uint8Array): Promise<Uint8Array> {
	const bad = (cause?: unknown): ZkSdJwtError =>
		new ZkSdJwtError('zk-sd-jwt/bad-reference-string', 'This file is not the reference string of the public ceremony.', cause === undefined ? {} : { cause });
	if (compressed.length === 0 || compressed.length % 32 !== 0) throw bad();
	const canonical = { setup: 'canonical', id: CANONICAL_G2_SHA256, g2: CANONICAL_G2, x1: CANONICAL_X1 } as const;
	const { api, expanded } = await startModule(canonical, compressed.slice(), 32, { backend: BackendType.Wasm, threads: 1 }).catch((cause: unknown) => {
		throw bad(cause);
	});
	await api.destroy();
	if (expanded.length !== compressed.length * 2) throw bad();
	return expanded;
}
