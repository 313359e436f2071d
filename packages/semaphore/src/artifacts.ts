import { hexEncode, utf8Decode } from '@holdfast/crypto';
import { loadProvingKey, type ProvingKey, type VerificationKey } from '@holdfast/groth16';
import { SemaphoreError } from './errors.ts';
import { TREE_DEPTH } from './group.ts';
import { hasOnly, isRecord } from './json.ts';

interface ArtifactFile {
	readonly path: string;
	readonly sha256: string;
	readonly bytes: number;
}

/** circuits/semaphore/manifest.json: where the circuit comes from, and what its files must be. */
export interface SemaphoreManifest {
	/** The npm package that the files are from. */
	readonly source: string;
	readonly setup: { readonly label: 'ceremony'; readonly name: string };
	/** Contributions that the proving key lists. */
	readonly contributions: number;
	readonly wasm: ArtifactFile;
	readonly zkey: ArtifactFile;
	readonly vkey: ArtifactFile;
}

/** The circuit's files. Each is checked against its SHA-256 when it is read. */
export interface SemaphoreArtifacts {
	readonly manifest: SemaphoreManifest;
	/** The witness program. */
	calculator(): Promise<Uint8Array<ArrayBuffer>>;
	/** A key for one prover, with the contributions and the verification key that the manifest pins. */
	provingKey(): Promise<ProvingKey>;
	verificationKey(): Promise<VerificationKey>;
}

const PUBLIC_SIGNALS = ['merkleTreeRoot', 'nullifier', 'message', 'scope'];
const LARGEST = 16 * 1024 * 1024;

const damaged = (): SemaphoreError =>
	new SemaphoreError('semaphore/artifact-malformed', 'The list of files for anonymous proofs is damaged. Install Holdfast again.');

function readFile(json: unknown): ArtifactFile {
	if (!isRecord(json) || !hasOnly(json, ['path', 'sha256', 'bytes'])) throw damaged();
	const { path, sha256, bytes } = json;
	if (typeof path !== 'string' || !/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(path)) throw damaged();
	if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) throw damaged();
	if (typeof bytes !== 'number' || !Number.isInteger(bytes) || bytes < 1 || bytes > LARGEST) throw damaged();
	return { path, sha256, bytes };
}

function readManifest(json: unknown): SemaphoreManifest {
	if (!isRecord(json) || !hasOnly(json, ['version', 'source', 'licence', 'setup', 'depth', 'publicSignals', 'contributions', 'wasm', 'zkey', 'vkey'])) {
		throw damaged();
	}
	const { version, source, setup, depth, publicSignals, contributions } = json;
	if (version !== 1 || typeof source !== 'string' || depth !== TREE_DEPTH || JSON.stringify(publicSignals) !== JSON.stringify(PUBLIC_SIGNALS)) throw damaged();
	if (!isRecord(setup) || setup.label !== 'ceremony' || typeof setup.name !== 'string') throw damaged();
	if (typeof contributions !== 'number' || !Number.isInteger(contributions)) throw damaged();
	// With a key that nobody contributed to, anybody can forge.
	if (contributions < 1) throw insecure();
	return {
		source,
		setup: { label: 'ceremony', name: setup.name },
		contributions,
		wasm: readFile(json.wasm),
		zkey: readFile(json.zkey),
		vkey: readFile(json.vkey),
	};
}

const insecure = (): SemaphoreError =>
	new SemaphoreError('semaphore/insecure-setup', 'The key for anonymous proofs is not the one of the public ceremony. Install Holdfast again.');

export interface OpenSemaphoreArtifactsInput {
	/** circuits/semaphore/manifest.json, parsed: part of the installation, and what everything else is measured by. */
	readonly manifest: unknown;
	/** The bytes of a file, by its path in the manifest. Throws where there is none. */
	readonly read: (path: string) => Promise<Uint8Array>;
}

/** Throws `semaphore/artifact-malformed` and `semaphore/insecure-setup`; what it returns also throws `semaphore/artifact-missing` and `semaphore/artifact-mismatch`. */
export function openSemaphoreArtifacts({ manifest: json, read }: OpenSemaphoreArtifactsInput): SemaphoreArtifacts {
	const manifest = readManifest(json);
	const load = async (file: ArtifactFile): Promise<Uint8Array<ArrayBuffer>> => {
		let bytes: Uint8Array<ArrayBuffer>;
		try {
			bytes = new Uint8Array(await read(file.path));
		} catch (cause) {
			throw new SemaphoreError('semaphore/artifact-missing', 'A file that anonymous proofs need is missing. Install Holdfast again.', {
				data: { file: file.path },
				cause,
			});
		}
		if (bytes.length !== file.bytes || (await sha256Hex(bytes)) !== file.sha256) throw mismatch(file);
		return bytes;
	};
	const verificationKey = async (): Promise<VerificationKey> => {
		try {
			return JSON.parse(utf8Decode(await load(manifest.vkey))) as VerificationKey;
		} catch (cause) {
			throw cause instanceof SemaphoreError ? cause : damaged();
		}
	};
	return {
		manifest,
		calculator: () => load(manifest.wasm),
		verificationKey,
		async provingKey() {
			const [zkey, expected] = await Promise.all([load(manifest.zkey), verificationKey()]);
			const key = loadProvingKey(zkey);
			if (key.contributions !== manifest.contributions) throw insecure();
			if (!sameKey(key.verificationKey, expected)) throw mismatch(manifest.vkey);
			return key;
		},
	};
}

const mismatch = (file: ArtifactFile): SemaphoreError =>
	new SemaphoreError('semaphore/artifact-mismatch', 'A file that anonymous proofs need is not the one that belongs to this version. Install Holdfast again.', {
		data: { file: file.path },
	});

const KEY_PARTS = ['nPublic', 'vk_alpha_1', 'vk_beta_2', 'vk_gamma_2', 'vk_delta_2', 'IC'] as const;
const sameKey = (a: VerificationKey, b: VerificationKey): boolean => KEY_PARTS.every((part) => JSON.stringify(a[part]) === JSON.stringify(b[part]));

/** The platform's own: the key has megabytes. */
const sha256Hex = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => hexEncode(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes)));
