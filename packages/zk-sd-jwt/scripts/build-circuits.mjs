// Compiles circuits/sd-jwt/<name> into circuits/sd-jwt/target/<name>.json, or with --check compiles and compares.
// One text for one source: members in a fixed order, nothing of the place where it was compiled.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile_program, createFileManager } from '@noir-lang/noir_wasm';

const root = join(import.meta.dirname, '..', '..', '..', 'circuits', 'sd-jwt');
const check = process.argv.includes('--check');
const names = process.argv.slice(2).filter((each) => !each.startsWith('--'));

for (const name of names.length > 0 ? names : ['small', 'medium', 'large']) {
	const { program, warnings } = await compile_program(
		createFileManager(join(root, name)),
		undefined,
		() => {},
		() => {},
	);
	for (const each of warnings) process.stderr.write(`${name}: ${JSON.stringify(each)}\n`);
	const text = `${JSON.stringify({ noir_version: program.noir_version, abi: program.abi, bytecode: program.bytecode })}\n`;
	const target = join(root, 'target', `${name}.json`);
	process.stdout.write(`${createHash('sha256').update(text).digest('hex')}  ${name}.json  ${text.length} bytes\n`);
	if (check && readFileSync(target, 'utf8') !== text) {
		process.stderr.write(`${name}: the artifact is not what its source compiles to.\n`);
		process.exitCode = 1;
	}
	if (!check) {
		mkdirSync(join(root, 'target'), { recursive: true });
		writeFileSync(target, text);
	}
}
