// Compiles src/*.sol and some contracts of OpenZeppelin and Safe into artifacts/<name>.json. With --check, compiles and compares.
//
// The packages that it compiles from and with are in this folder's package.json and package-lock.json, with their integrity.
// They are installed in a temporary folder, or taken from the folder that HOLDFAST_CONTRACT_PACKAGES names.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const check = process.argv.includes('--check');

/** Which contracts tests deploy, by the file that defines them. */
const CONTRACTS = {
	'src/VotesToken.sol': ['VotesToken'],
	'src/SimpleGovernor.sol': ['SimpleGovernor'],
	'src/FractionalGovernor.sol': ['FractionalGovernor'],
	'src/OverridableGovernor.sol': ['OverridableGovernor'],
	'src/Governor4.sol': ['Governor4'],
	'src/BravoStandIn.sol': ['CompStandIn', 'CompoundTimelockStandIn', 'BravoStandIn'],
	'src/NounsStandIn.sol': ['NounsStandIn'],
	'src/BaalStandIn.sol': ['BaalSharesStandIn', 'BaalStandIn'],
	'src/DelegateRegistryStandIn.sol': ['DelegateRegistryStandIn'],
	'src/Collections.sol': [
		'PlainCollection',
		'UpgradeableCollection',
		'CollectionProxy',
		'PackedCollection',
		'AssemblyCollection',
		'Editions',
		'BlockHashCollection',
		'EndlessCollection',
		'SigningAccount',
		'Escrow',
		'TokenBoundAccount',
		'TokenBoundRegistry',
	],
	'@openzeppelin/contracts/governance/TimelockController.sol': ['TimelockController'],
	'@safe-global/safe-contracts/contracts/Safe.sol': ['Safe'],
	'@safe-global/safe-contracts/contracts/proxies/SafeProxyFactory.sol': ['SafeProxyFactory'],
	'@safe-global/safe-contracts/contracts/handler/CompatibilityFallbackHandler.sol': ['CompatibilityFallbackHandler'],
	'@safe-global/safe-contracts/contracts/libraries/MultiSend.sol': ['MultiSend'],
};

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

function packagesFolder() {
	if (process.env.HOLDFAST_CONTRACT_PACKAGES) return { folder: process.env.HOLDFAST_CONTRACT_PACKAGES, remove: () => {} };
	const folder = mkdtempSync(join(tmpdir(), 'holdfast-contracts-'));
	for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(HERE, file), join(folder, file));
	// `npm ci` compares every package with the integrity in the lock file.
	const { status } = spawnSync('npm', ['ci', '--legacy-peer-deps', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' });
	if (status !== 0) throw new Error('The packages that the contracts are compiled from could not be installed.');
	return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function compile(folder) {
	const solc = createRequire(join(folder, 'package.json'))('solc');
	const texts = {};
	const read = (path) => {
		texts[path] ??= readFileSync(path.startsWith('src/') ? join(HERE, path) : join(folder, 'node_modules', path), 'utf8');
		return texts[path];
	};
	const input = {
		language: 'Solidity',
		sources: Object.fromEntries(Object.keys(CONTRACTS).map((path) => [path, { content: read(path) }])),
		settings: {
			evmVersion: 'cancun',
			optimizer: { enabled: true, runs: 1 },
			metadata: { bytecodeHash: 'none', appendCBOR: false },
			outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'metadata'] } },
		},
	};
	const findImports = (path) => {
		try {
			return { contents: read(path) };
		} catch {
			return { error: `${path} is not there` };
		}
	};
	const output = JSON.parse(solc.compile(JSON.stringify(input), { import: findImports }));
	const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error');
	if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
	return { output, compiler: solc.version(), settings: input.settings, texts };
}

function artifact({ output, compiler, settings, texts }, path, name) {
	const { abi, evm, metadata } = output.contracts[path][name];
	const sources = Object.keys(JSON.parse(metadata).sources).sort();
	const { optimizer, evmVersion } = settings;
	return `${JSON.stringify({
		contract: name,
		compiler,
		settings: { evmVersion, optimizer },
		// What this was compiled from: the packages' files by their package, ours by their own hashes.
		sources: Object.fromEntries(sources.map((source) => [source, sha256(texts[source])])),
		abi,
		bytecode: `0x${evm.bytecode.object}`,
	})}\n`;
}

const { folder, remove } = packagesFolder();
try {
	const compiled = compile(folder);
	const out = join(HERE, 'artifacts');
	const texts = Object.entries(CONTRACTS).flatMap(([path, names]) => names.map((name) => [`${name}.json`, artifact(compiled, path, name)]));
	if (check) {
		const present = readdirSync(out).sort();
		const wrong = texts.filter(([file, text]) => !present.includes(file) || readFileSync(join(out, file), 'utf8') !== text).map(([file]) => file);
		const extra = present.filter((file) => !texts.some(([name]) => name === file));
		for (const file of [...wrong, ...extra]) process.stderr.write(`${file} does not follow from the sources.\n`);
		process.exitCode = wrong.length + extra.length === 0 ? 0 : 1;
	} else {
		rmSync(out, { recursive: true, force: true });
		mkdirSync(out);
		for (const [file, text] of texts) writeFileSync(join(out, file), text);
	}
	for (const [file, text] of texts) {
		const bytes = (JSON.parse(text).bytecode.length - 2) / 2;
		process.stdout.write(`${file}  ${bytes} bytes of code  sha256 ${sha256(text)}\n`);
	}
} finally {
	remove();
}
