// Writes circuits/attested/lib/src/constants.nr: the round constants and matrices of Poseidon over BN254's scalar field, as circomlib and
// poseidon-lite have them, for the widths that attestations use.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('poseidon-lite'));
const number = (base64) => `0x${Buffer.from(base64, 'base64').toString('hex').padStart(64, '0')}`;

const parts = [3, 4, 5, 6, 8].map((width) => {
	const { C, M } = require(join(folder, 'constants', `${width - 1}.js`)).default;
	const matrix = M.map((row) => `    [${row.map(number).join(', ')}],`).join('\n');
	return `pub global C${width}: [Field; ${C.length}] = [\n${C.map((each) => `    ${number(each)},`).join('\n')}\n];\n\npub global M${width}: [[Field; ${width}]; ${width}] = [\n${matrix}\n];\n`;
});
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
writeFileSync(
	join(import.meta.dirname, '..', '..', '..', 'circuits', 'attested', 'lib', 'src', 'constants.nr'),
	`// Written by packages/zk-sd-jwt/scripts/poseidon-constants.mjs from poseidon-lite ${version} (MIT).\n\n${parts.join('\n')}`,
);
