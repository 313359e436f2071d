// `npm run conformance`: the tests that hold the code to data of specifications, as a table and as reports/conformance.json.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { formatCounts } from './counts.mjs';
import { readJson, toolScript } from './paths.mjs';
import { run } from './process.mjs';
import { say } from './say.mjs';

/** Test files that compare with vectors or examples of a specification, by the specifications that they speak for. */
const SUITES = [
	{ name: 'SD-JWT (RFC 9901), SD-JWT VC', files: ['packages/credentials/src/vectors.test.ts'] },
	{ name: 'Token Status List: examples and checks', files: ['packages/credentials/src/status/status.test.ts'] },
	{ name: 'OpenID4VP 1.0, OpenID4VCI 1.0, HAIP 1.0: examples', files: ['packages/oid4vc/src/vectors.test.ts'] },
	{ name: 'DCQL: agreement with an independent implementation', files: ['packages/oid4vc/src/match.test.ts'] },
	{ name: 'did:key, did:jwk, did:peer, did:web, Multikey', files: ['packages/agent/src/encodings.test.ts'] },
	{ name: 'BIP-39', files: ['packages/crypto/src/mnemonic.test.ts'] },
	{ name: 'BIP-32, SLIP-0010', files: ['packages/crypto/src/derive.test.ts'] },
	{ name: 'JWS (RFC 7515, 8037, 8812), JWK thumbprints (RFC 7638)', files: ['packages/crypto/src/jws.test.ts'] },
	{ name: 'BBS signatures (IETF draft)', files: ['packages/bbs/src/vectors.test.ts'] },
];

const NOTE =
	'The data of OpenID4VP, OpenID4VCI, HAIP, SD-JWT and the status lists is read from ../shared/vectors where it is; without it those tests are skipped, and counted so.';

/** Runs the suites, prints a line for each and writes the report. Returns the exit code. */
export async function runConformance({ root, node, environment }) {
	const raw = join(root, 'reports', 'conformance.raw.json');
	mkdirSync(join(root, 'reports'), { recursive: true });
	rmSync(raw, { force: true });
	const files = SUITES.flatMap((suite) => suite.files);
	const args = [toolScript(root, 'vitest'), 'run', '--pool=forks', '--testTimeout=60000', '--reporter=json', `--outputFile.json=${raw}`, ...files];
	const { code } = await run(node, args, { cwd: root, env: environment });
	const results = readJson(raw)?.testResults ?? [];
	const suites = SUITES.map(({ name, files: wanted }) => {
		const found = results.filter((file) => wanted.includes(relative(root, file.name).split(sep).join('/')));
		const tests = found.flatMap((file) => file.assertionResults ?? []);
		const count = (status) => tests.filter((test) => test.status === status).length;
		const skipped = count('pending') + count('skipped') + count('todo');
		// A file that is named here and did not run says nothing: that is a failure.
		const missing = wanted.length - found.filter((file) => (file.assertionResults ?? []).length > 0).length;
		return { name, passed: count('passed'), failed: count('failed') + missing, skipped };
	});
	rmSync(raw, { force: true });
	const width = Math.max(...suites.map((suite) => suite.name.length));
	for (const suite of suites) say(`${suite.name.padEnd(width)}  ${formatCounts(suite)}`);
	const total = suites.reduce((sum, each) => ({ passed: sum.passed + each.passed, failed: sum.failed + each.failed, skipped: sum.skipped + each.skipped }), {
		passed: 0,
		failed: 0,
		skipped: 0,
	});
	writeFileSync(join(root, 'reports', 'conformance.json'), `${JSON.stringify({ suites, total, note: NOTE }, null, '\t')}\n`);
	say(`\n${NOTE}`);
	say(formatCounts(total));
	return code !== 0 || total.failed > 0 ? 1 : 0;
}
