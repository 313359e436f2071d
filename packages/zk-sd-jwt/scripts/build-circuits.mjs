// Compiles circuits/sd-jwt/<name> into circuits/sd-jwt/target/<name>.json, or with --check compiles and compares; `attested/bound` likewise.
// One text for one source: members in a fixed order, nothing of the place where it was compiled.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile_program, createFileManager } from '@noir-lang/noir_wasm';

const circuits = join(import.meta.dirname, '..', '..', '..', 'circuits');
const root = join(circuits, 'sd-jwt');
const check = process.argv.includes('--check');
const names = process.argv.slice(2).filter((each) => !each.startsWith('--'));

const quiet = () => {};
const compile = (folder) => compile_program(createFileManager(folder), undefined, quiet, quiet);

/** `forged`: every hint of the library becomes a question to the test (an oracle of the hint's name). */
async function compileForged() {
	const copy = mkdtempSync(join(tmpdir(), 'holdfast-forged-'));
	try {
		for (const each of ['lib', 'forged']) cpSync(join(root, each), join(copy, each), { recursive: true });
		const sources = join(copy, 'lib', 'src');
		for (const file of readdirSync(sources)) {
			const text = readFileSync(join(sources, file), 'utf8');
			const hint = /^unconstrained fn (\w+)(<[^>]*>)?\(([^)]*)\) -> ([^{]+) \{\n[\s\S]*?^\}/gm;
			const asked = text.replace(hint, (_, name, generics = '', parameters, type) => {
				const passed = parameters.split(',').map((each) => each.split(':')[0].trim());
				return `#[oracle(${name})]\nunconstrained fn ${name}_asked${generics}(${parameters}) -> ${type} {}\nunconstrained fn ${name}${generics}(${parameters}) -> ${type} {\n    ${name}_asked(${passed})\n}`;
			});
			writeFileSync(join(sources, file), asked);
		}
		return await compile(join(copy, 'forged'));
	} finally {
		rmSync(copy, { recursive: true, force: true });
	}
}

for (const name of names.length > 0 ? names : ['small', 'medium', 'forged', 'attested/bound']) {
	const [collection, circuit] = name.includes('/') ? name.split('/') : ['sd-jwt', name];
	const { program, warnings } = name === 'forged' ? await compileForged() : await compile(join(circuits, collection, circuit));
	for (const each of warnings) process.stderr.write(`${name}: ${JSON.stringify(each)}\n`);
	const text = `${JSON.stringify({ noir_version: program.noir_version, abi: program.abi, bytecode: program.bytecode })}\n`;
	const folder = join(circuits, collection, 'target');
	const target = join(folder, `${circuit}.json`);
	process.stdout.write(`${createHash('sha256').update(text).digest('hex')}  ${name}.json  ${text.length} bytes\n`);
	if (check && readFileSync(target, 'utf8') !== text) {
		process.stderr.write(`${name}: the artifact is not what its source compiles to.\n`);
		process.exitCode = 1;
	}
	if (!check) {
		mkdirSync(folder, { recursive: true });
		writeFileSync(target, text);
	}
}
