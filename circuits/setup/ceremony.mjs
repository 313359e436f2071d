// The steps of a ceremony over all circuits of a folder. A step starts from the keys that are there, so contributors follow
// each other through the repository: take the branch, contribute, verify, commit.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { compile } from '../build.mjs';
import { beacon, contribute, contributionsOf, hashOf, identifyPhase1, initialKey, verificationKey, verifyKey } from './keys.mjs';

/** Fewer people than this is not a ceremony. Names are not people: whoever merges a contribution knows whose it is. */
const FEWEST_CONTRIBUTORS = 3;

/**
 * @param {{ folder: string, source: string, circuits: string[], publicSignals: Record<string, readonly string[]>, known: object, say: (text: string) => void }} setting
 */
export function ceremony({ folder, source, circuits, publicSignals, known, say }) {
	const out = join(folder, 'out', 'ceremony');
	const files = (circuit) => ({
		wasm: `artifacts/${circuit}.wasm.gz`,
		zkey: `artifacts/${circuit}.zkey`,
		vkey: `artifacts/${circuit}.vkey.json`,
	});
	const at = (path) => join(folder, path);
	const transcriptPath = (circuit) => at(`transcript/${circuit}.json`);
	const readTranscript = (circuit) => JSON.parse(readFileSync(transcriptPath(circuit), 'utf8'));
	const writeJson = (path, value) => writeFileSync(path, `${JSON.stringify(value, undefined, '\t')}\n`);
	for (const path of [out, at('artifacts'), at('transcript')]) mkdirSync(path, { recursive: true });

	/** Begins anew: compiles, and makes the keys that nobody has contributed to yet. */
	async function begin({ phase1 }) {
		const identity = identifyPhase1(phase1, known);
		say(`Phase 1: ${identity.source}, 2^${identity.power}.`);
		for (const circuit of circuits) {
			const { r1cs, wasm } = await compile(circuit, { folder: join(out, circuit), source });
			const paths = files(circuit);
			writeFileSync(at(paths.wasm), gzipSync(readFileSync(wasm), { level: 9 }));
			await initialKey({ r1cs, phase1, out: at(paths.zkey) });
			writeJson(transcriptPath(circuit), {
				circuit,
				r1cs: hashOf(r1cs),
				constraints: constraintsOf(r1cs),
				wasmBuild: hashOf(wasm),
				phase1: identity,
				contributions: [],
			});
			say(`${circuit}: begun.`);
		}
	}

	async function step(circuit, act) {
		const paths = files(circuit);
		const next = join(out, `${circuit}.next.zkey`);
		const hash = await act(at(paths.zkey), next);
		renameSync(next, at(paths.zkey));
		const transcript = readTranscript(circuit);
		const latest = contributionsOf(at(paths.zkey));
		transcript.contributions = latest.map((each, index) => ({ ...each, ...transcript.contributions[index], ...(index === latest.length - 1 ? { hash } : {}) }));
		transcript.zkey = hashOf(at(paths.zkey));
		writeJson(transcriptPath(circuit), transcript);
		writeJson(at(paths.vkey), await verificationKey(at(paths.zkey)));
		say(`${circuit}: contribution ${latest.length}, hash ${hash}`);
	}

	/** Fresh entropy for each circuit, from the system, with whatever the contributor adds. It is not kept. */
	async function addContribution({ name, extra = '' }) {
		for (const circuit of circuits) {
			await step(circuit, (from, to) => contribute({ from, to, name, entropy: `${randomBytes(64).toString('hex')}${extra}` }));
		}
		publish();
	}

	async function addBeacon({ name, value, iterations }) {
		for (const circuit of circuits) await step(circuit, (from, to) => beacon({ from, to, name, value, iterations }));
		publish();
	}

	/** manifest.json from what the transcripts and the files say. */
	function publish() {
		const transcripts = circuits.map(readTranscript);
		const [{ phase1 }] = transcripts;
		const people = new Set(transcripts.flatMap(({ contributions }) => contributions.filter((each) => each.kind === 'contribution').map((each) => each.name)));
		const label = phase1.source !== 'development' && people.size >= FEWEST_CONTRIBUTORS ? 'ceremony' : 'development';
		const file = (path) => ({ path, sha256: hashOf(at(path)), bytes: readFileSync(at(path)).length });
		writeJson(at('manifest.json'), {
			version: 1,
			setup: {
				label,
				name:
					label === 'ceremony'
						? `ceremony with ${people.size} contributors`
						: `development setup, ${people.size === 1 ? 'one contributor' : `${people.size} contributors`}`,
				phase1,
			},
			circuits: Object.fromEntries(
				transcripts.map(({ circuit, r1cs, wasmBuild, constraints, contributions }) => {
					const paths = files(circuit);
					return [
						circuit,
						{
							r1cs,
							wasmBuild,
							constraints,
							publicSignals: publicSignals[circuit],
							wasm: file(paths.wasm),
							zkey: file(paths.zkey),
							vkey: file(paths.vkey),
							contributions: contributions.length,
						},
					];
				}),
			),
		});
	}

	/**
	 * Checks everything that can be checked: sources give the pinned circuit, files have the pinned hashes, the key holds the
	 * contributions that the transcript lists, the verification key is the proving key's; and, with the phase 1 file, that
	 * each key follows from it and from each contribution. Returns the problems, and what was left out.
	 */
	async function verify({ phase1 } = {}) {
		const problems = [];
		const skipped = [];
		const manifest = JSON.parse(readFileSync(at('manifest.json'), 'utf8'));
		const check = (ok, text) => {
			if (!ok) problems.push(text);
		};
		for (const circuit of circuits) {
			const transcript = readTranscript(circuit);
			const entry = manifest.circuits[circuit];
			const built = await compile(circuit, { folder: join(out, circuit), source });
			check(hashOf(built.r1cs) === entry.r1cs && entry.r1cs === transcript.r1cs, `${circuit}: the source gives another constraint system`);
			check(hashOf(built.wasm) === entry.wasmBuild, `${circuit}: the source gives another program`);
			for (const file of [entry.wasm, entry.zkey, entry.vkey])
				check(existsSync(at(file.path)) && hashOf(at(file.path)) === file.sha256, `${file.path}: missing or changed`);
			check(transcript.zkey === entry.zkey.sha256, `${circuit}: the transcript is of another key`);
			const listed = transcript.contributions.map(({ hash: _hash, ...rest }) => rest);
			const held = contributionsOf(at(entry.zkey.path));
			check(JSON.stringify(held.map(sorted)) === JSON.stringify(listed.map(sorted)), `${circuit}: the key holds other contributions than the transcript lists`);
			check(held.length === entry.contributions && held.length > 0, `${circuit}: the number of contributions is wrong`);
			const vkey = await verificationKey(at(entry.zkey.path));
			check(
				JSON.stringify(vkey) === JSON.stringify(JSON.parse(readFileSync(at(entry.vkey.path), 'utf8'))),
				`${circuit}: the verification key is not the proving key's`,
			);
			if (phase1 === undefined) {
				skipped.push(`${circuit}: without the phase 1 file it cannot be checked that the key follows from it`);
			} else {
				check(hashOf(phase1) === manifest.setup.phase1.sha256, 'the phase 1 file is another one');
				check(
					await verifyKey({ r1cs: built.r1cs, phase1, zkey: at(entry.zkey.path) }),
					`${circuit}: the key does not follow from phase 1 and its contributions`,
				);
			}
			say(`${circuit}: checked.`);
		}
		return { problems, skipped };
	}

	return { begin, addContribution, addBeacon, verify };
}

const sorted = (value) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)));

/** Section 1 of an .r1cs: field, wires, outputs, public and private inputs, labels, constraints. */
function constraintsOf(path) {
	const bytes = readFileSync(path);
	for (let at = 12, left = bytes.readUInt32LE(8); left > 0; left--) {
		if (bytes.readUInt32LE(at) === 1) return bytes.readUInt32LE(at + 12 + 4 + 32 + 16 + 8);
		at += 12 + Number(bytes.readBigUInt64LE(at + 4));
	}
	throw new Error('This constraint system has no header.');
}
