import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CIRCUITS_FOLDER } from '../build.mjs';
import { type Ceremony, ceremony } from '../setup/ceremony.mjs';
import { developmentPhase1, endThreads, hashOf } from '../setup/keys.mjs';
import { COMPILED } from './compile.ts';

const CIRCUIT = 'between3';
let root: string;
let phase1: string;
let steps: Ceremony;
const said: string[] = [];

const settingIn = (folder: string, known: Parameters<typeof ceremony>[0]['known'] = { files: [] }) => ({
	folder,
	source: join(folder, 'source'),
	circuits: [CIRCUIT],
	publicSignals: { [CIRCUIT]: ['low', 'high'] },
	known,
	say: (text: string) => {
		said.push(text);
	},
});
const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

beforeAll(async () => {
	root = mkdtempSync(join(tmpdir(), 'holdfast-ceremony-'));
	mkdirSync(join(root, 'source'));
	cpSync(join(COMPILED, 'sources'), join(root, 'source'), { recursive: true });
	phase1 = join(root, 'phase1.ptau');
	await developmentPhase1({ out: phase1, power: 6, name: 'test', entropy: 'test' });
	steps = ceremony(settingIn(root));
	await steps.begin({ phase1 });
	copyFileSync(join(root, `artifacts/${CIRCUIT}.zkey`), join(root, 'initial.zkey'));
	for (const name of ['Ada', 'Berta', 'Clara']) await steps.addContribution({ name });
	await steps.addBeacon({ name: 'beacon', value: '01'.repeat(32), iterations: 10 });
});
afterAll(async () => {
	await endThreads();
	rmSync(root, { recursive: true, force: true });
});

/** What verifying finds after a change, which is then undone. */
async function findingsAfter(path: string, change: (target: string) => void, options: { readonly phase1?: string } = {}): Promise<readonly string[]> {
	const target = join(root, path);
	copyFileSync(target, join(root, 'backup'));
	try {
		change(target);
		return (await steps.verify(options)).problems;
	} finally {
		copyFileSync(join(root, 'backup'), target);
	}
}

test('an honest ceremony has nothing wrong, and says what was done', async () => {
	expect(await steps.verify({ phase1 })).toEqual({ problems: [], skipped: [] });
	const { contributions } = read(`transcript/${CIRCUIT}.json`);
	expect(contributions.map((each: { name: string; kind: string }) => `${each.kind} ${each.name}`)).toEqual([
		'contribution Ada',
		'contribution Berta',
		'contribution Clara',
		'beacon beacon',
	]);
	expect(contributions.every((each: { hash: string }) => /^[0-9a-f]{128}$/.test(each.hash))).toBe(true);
	expect(read('manifest.json').circuits[CIRCUIT].contributions).toBe(4);
});

test('without the phase 1 file it says what could not be checked', async () => {
	const { problems, skipped } = await steps.verify();
	expect(problems).toEqual([]);
	expect(skipped.length).toBe(1);
});

test('a development phase 1 makes a development setup, whoever contributes', () => {
	expect(read('manifest.json').setup).toMatchObject({ label: 'development', phase1: { source: 'development', power: 6, sha256: hashOf(phase1) } });
});

test('only a known phase 1 and three contributors make a ceremony', async () => {
	const other = mkdtempSync(join(root, 'known-'));
	cpSync(join(root, 'source'), join(other, 'source'), { recursive: true });
	const known = ceremony(settingIn(other, { files: [{ name: 'public.ptau', power: 6, blake2b512: hashOf(phase1, 'blake2b512') }] }));
	await known.begin({ phase1 });
	const label = () => JSON.parse(readFileSync(join(other, 'manifest.json'), 'utf8')).setup.label;
	await known.addContribution({ name: 'Ada' });
	await known.addContribution({ name: 'Ada' });
	await known.addContribution({ name: 'Berta' });
	expect(label()).toBe('development');
	await known.addContribution({ name: 'Clara' });
	expect(label()).toBe('ceremony');
});

test('a changed key, transcript, source or manifest is found', async () => {
	const zkey = `artifacts/${CIRCUIT}.zkey`;
	const transcript = `transcript/${CIRCUIT}.json`;
	const edit = (from: string, to: string) => (target: string) => writeFileSync(target, readFileSync(target, 'utf8').replace(from, to));
	expect(await findingsAfter(transcript, edit('Berta', 'Bertha'))).toEqual([expect.stringContaining('other contributions')]);
	expect(await findingsAfter(`source/lib/range.circom`, edit('belowHigh.in <== high - value', 'belowHigh.in <== 2 * high - value'))).toContainEqual(
		expect.stringContaining('another constraint system'),
	);
	expect(await findingsAfter(zkey, (target) => copyFileSync(join(root, 'initial.zkey'), target))).toEqual(
		expect.arrayContaining([expect.stringContaining('missing or changed'), expect.stringContaining('number of contributions')]),
	);
	expect(await findingsAfter(`artifacts/${CIRCUIT}.vkey.json`, edit('"nPublic": 2', '"nPublic": 3'))).toContainEqual(
		expect.stringContaining('verification key'),
	);
});

test('a key that does not follow from phase 1 is found', async () => {
	const other = join(root, 'other.ptau');
	await developmentPhase1({ out: other, power: 6, name: 'test', entropy: 'other' });
	expect((await steps.verify({ phase1: other })).problems).toEqual([expect.stringContaining('another one'), expect.stringContaining('does not follow')]);
});

test('the public phase 1 files are listed with whole hashes', () => {
	const { files } = JSON.parse(readFileSync(join(CIRCUITS_FOLDER, 'setup', 'public-phase1.json'), 'utf8'));
	for (const file of files) {
		expect(file.blake2b512).toMatch(/^[0-9a-f]{128}$/);
		expect(file.name).toBe(`powersOfTau28_hez_final_${file.power}.ptau`);
	}
	expect(files.some((file: { power: number }) => file.power === 14)).toBe(true);
});
