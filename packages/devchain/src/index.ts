export { type Anvil, deployContract, deployEthrRegistry, putContract, sendToContract, sendTransaction, startAnvil } from './anvil.node.ts';
export { type ContractArtifact, contractArtifact, type TestContract } from './contracts.node.ts';
