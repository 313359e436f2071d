// Writes src/proposals/known-functions.json: the state-changing functions of OpenZeppelin's contracts and of Safe's,
// so that a proposal's calls are read without asking anybody about them. Run it in a folder where these are installed:
//
//   npm install oz5@npm:@openzeppelin/contracts@5.7.0 oz4@npm:@openzeppelin/contracts@4.9.6 @safe-global/safe-contracts@1.4.1
//   node known-functions.mjs <that folder>
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toFunctionSelector } from 'viem';

const [folder] = process.argv.slice(2);
const SOURCES = ['oz5/build/contracts', 'oz4/build/contracts', '@safe-global/safe-contracts/build/artifacts/contracts'];

// Not of these libraries, but in most proposals: what a treasury calls.
const OTHERS = [
	'deposit() payable',
	'withdraw(uint256 wad)',
	'setPendingAdmin(address pendingAdmin)',
	'acceptAdmin()',
	'_setVotingDelay(uint256 newVotingDelay)',
	'_setVotingPeriod(uint256 newVotingPeriod)',
	'_setProposalThreshold(uint256 newProposalThreshold)',
	'_setPendingAdmin(address newPendingAdmin)',
	'_setImplementation(address implementation)',
	'queueTransaction(address target,uint256 value,string signature,bytes data,uint256 eta)',
	'cancelTransaction(address target,uint256 value,string signature,bytes data,uint256 eta)',
	'executeTransaction(address target,uint256 value,string signature,bytes data,uint256 eta) payable',
	'setDelay(uint256 delay)',
	'increaseAllowance(address spender,uint256 addedValue)',
	'decreaseAllowance(address spender,uint256 subtractedValue)',
	'setMinter(address minter)',
	'permit(address owner,address spender,uint256 value,uint256 deadline,uint8 v,bytes32 r,bytes32 s)',
];

function* artifacts(path) {
	for (const entry of readdirSync(path, { withFileTypes: true })) {
		const at = join(path, entry.name);
		if (entry.isDirectory()) {
			if (!/test|examples|mocks/.test(entry.name)) yield* artifacts(at);
		} else if (entry.name.endsWith('.json') && !entry.name.endsWith('.dbg.json')) yield at;
	}
}

const parameter = ({ type, name, components }) => {
	const spelled = components ? `(${components.map(parameter).join(',')})${type.slice('tuple'.length)}` : type;
	return name ? `${spelled} ${name.replace(/^_+|_+$/g, '') || name}` : spelled;
};

const functions = new Map();
const add = (signature) => {
	const selector = toFunctionSelector(`function ${signature.replace(/ payable$/, '')}`);
	if (!functions.has(selector)) functions.set(selector, signature);
};
for (const signature of OTHERS) add(signature);
for (const source of SOURCES) {
	for (const file of artifacts(join(folder, 'node_modules', source))) {
		const { abi = [] } = JSON.parse(readFileSync(file, 'utf8'));
		for (const item of abi) {
			if (item.type !== 'function' || item.stateMutability === 'view' || item.stateMutability === 'pure') continue;
			add(`${item.name}(${item.inputs.map(parameter).join(',')})${item.stateMutability === 'payable' ? ' payable' : ''}`);
		}
	}
}
const sorted = Object.fromEntries([...functions].sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(import.meta.dirname, '../src/proposals/known-functions.json'), `${JSON.stringify(sorted, null, '\t')}\n`);
process.stdout.write(`${functions.size} functions\n`);
