import { hexEncode, utf8Decode } from '@holdfast/crypto';
import { ZkError } from './errors.ts';
import { hasOnly, isRecord, isText } from './json.ts';
import type { ArtifactFile, Artifacts, CircuitEntry, CircuitId, Manifest, VerificationKey } from './model.ts';
import { CIRCUIT_IDS, isCircuitId, PUBLIC_SIGNALS } from './public-signals.ts';
import { readZkeyHeader } from './zkey-header.ts';

const HASH = /^[0-9a-f]{64}$/;
/** Relative, downwards, plain names. */
const PATH = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const LARGEST = 64 * 1024 * 1024;

const bad = (): ZkError => new ZkError('zk/artifact-malformed', 'The list of circuits of this installation is damaged. Install Holdfast again.');

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

function readFile(json: unknown): ArtifactFile {
	if (!isRecord(json) || !hasOnly(json, ['path', 'sha256', 'bytes'])) throw bad();
	const { path, sha256: hash, bytes } = json;
	if (!isText(path, 200) || !PATH.test(path) || typeof hash !== 'string' || !HASH.test(hash) || !isCount(bytes) || bytes > LARGEST) throw bad();
	return { path, sha256: hash, bytes };
}

function readEntry(circuit: CircuitId, json: unknown): CircuitEntry {
	if (!isRecord(json) || !hasOnly(json, ['r1cs', 'wasmBuild', 'constraints', 'publicSignals', 'wasm', 'zkey', 'vkey', 'contributions'])) throw bad();
	const { r1cs, wasmBuild, constraints, publicSignals, contributions } = json;
	if (typeof r1cs !== 'string' || !HASH.test(r1cs) || typeof wasmBuild !== 'string' || !HASH.test(wasmBuild) || !isCount(constraints)) throw bad();
	// A key without a contribution is one whose delta everybody knows.
	if (!isCount(contributions) || contributions < 1) throw new ZkError('zk/insecure-setup', 'A proving key without any contribution cannot be used.');
	if (JSON.stringify(publicSignals) !== JSON.stringify(PUBLIC_SIGNALS[circuit])) throw bad();
	return {
		r1cs,
		wasmBuild,
		constraints,
		publicSignals: PUBLIC_SIGNALS[circuit],
		wasm: readFile(json.wasm),
		zkey: readFile(json.zkey),
		vkey: readFile(json.vkey),
		contributions,
	};
}

/** Reads circuits/manifest.json, strictly. Throws `zk/artifact-malformed`, `zk/insecure-setup`. */
export function readManifest(json: unknown): Manifest {
	if (!isRecord(json) || json.version !== 1 || !isRecord(json.setup) || !isRecord(json.circuits)) throw bad();
	const { setup, circuits } = json;
	const { label, name, phase1 } = setup;
	if ((label !== 'development' && label !== 'ceremony') || !isText(name, 200) || !isRecord(phase1)) throw bad();
	const { source, sha256: hash, power } = phase1;
	if (!isText(source, 200) || typeof hash !== 'string' || !HASH.test(hash) || !isCount(power)) throw bad();
	// A ceremony is one whose both phases were; a development phase 1 spoils every phase 2 on top of it.
	if (label === 'ceremony' && source === 'development') throw new ZkError('zk/insecure-setup', 'A setup on a development phase 1 is a development setup.');
	if (!Object.keys(circuits).every(isCircuitId)) throw bad();
	const entries = CIRCUIT_IDS.map((circuit) => [circuit, readEntry(circuit, circuits[circuit])] as const);
	return { version: 1, setup: { label, name, phase1: { source, sha256: hash, power } }, circuits: Object.fromEntries(entries) as Manifest['circuits'] };
}

export interface OpenArtifactsInput {
	/** circuits/manifest.json, parsed: part of the installation, and what everything else is measured by. */
	readonly manifest: unknown;
	/** The bytes of a file, by its path in the manifest. Throws where there is none. */
	readonly read: (path: string) => Promise<Uint8Array>;
	/** Refuses a development setup. */
	readonly production: boolean;
}

/** Opens the artifacts of an installation. Throws `zk/development-setup` for a development setup in a production build. */
export function openArtifacts({ manifest: json, read, production }: OpenArtifactsInput): Artifacts {
	const manifest = readManifest(json);
	if (production && manifest.setup.label !== 'ceremony') {
		throw new ZkError(
			'zk/development-setup',
			'The keys of this installation come from a development setup. They are good for trying things out, not for relying on a proof.',
		);
	}
	const load = async (file: ArtifactFile): Promise<Uint8Array> => {
		let bytes: Uint8Array;
		try {
			bytes = await read(file.path);
		} catch (cause) {
			throw new ZkError('zk/artifact-missing', 'A file that proofs need is missing. Install Holdfast again.', { data: { file: file.path }, cause });
		}
		if (bytes.length !== file.bytes || (await sha256Hex(bytes)) !== file.sha256) {
			throw new ZkError('zk/artifact-mismatch', 'A file that proofs need is not the one that belongs to this version. Install Holdfast again.', {
				data: { file: file.path },
			});
		}
		return bytes;
	};
	const entryOf = (circuit: CircuitId): CircuitEntry => {
		if (!isCircuitId(circuit)) throw new ZkError('zk/unknown-circuit', 'This version does not know that statement.');
		return manifest.circuits[circuit];
	};
	return {
		manifest,
		wasm: async (circuit) => gunzip(await load(entryOf(circuit).wasm)),
		async zkey(circuit) {
			const entry = entryOf(circuit);
			const zkey = await load(entry.zkey);
			const header = readZkeyHeader(zkey);
			if (header.gammaIsDelta || header.contributions < entry.contributions || header.publicSignals !== entry.publicSignals.length) throw insecure(entry.zkey);
			return zkey;
		},
		async vkey(circuit) {
			const entry = entryOf(circuit);
			const vkey = readVerificationKey(await load(entry.vkey));
			if (JSON.stringify(vkey.vk_gamma_2) === JSON.stringify(vkey.vk_delta_2)) throw insecure(entry.vkey);
			if (vkey.nPublic !== entry.publicSignals.length || vkey.IC.length !== vkey.nPublic + 1) throw insecure(entry.vkey);
			return vkey;
		},
	};
}

const insecure = (file: ArtifactFile): ZkError =>
	new ZkError('zk/insecure-setup', 'A key that proofs need does not come from the setup that it should. Install Holdfast again.', {
		data: { file: file.path },
	});

function readVerificationKey(bytes: Uint8Array): VerificationKey {
	let json: unknown;
	try {
		json = JSON.parse(utf8Decode(bytes));
	} catch (cause) {
		throw new ZkError('zk/artifact-malformed', 'A verification key of this installation is damaged.', { cause });
	}
	if (!isRecord(json) || json.protocol !== 'groth16' || json.curve !== 'bn128' || !Array.isArray(json.IC)) {
		throw new ZkError('zk/artifact-malformed', 'A verification key of this installation is damaged.');
	}
	return json as unknown as VerificationKey;
}

/** The platform's own: keys have megabytes. */
const sha256Hex = async (bytes: Uint8Array): Promise<string> =>
	hexEncode(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));

/** Compiled circuits are shipped compressed: they shrink to a quarter. The hash is of the file as it is. */
async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
	try {
		const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
		return new Uint8Array(await new Response(stream).arrayBuffer());
	} catch (cause) {
		throw new ZkError('zk/artifact-malformed', 'A circuit of this installation is damaged. Install Holdfast again.', { cause });
	}
}
