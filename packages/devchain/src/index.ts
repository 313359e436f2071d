export { type Anvil, deployContract, deployEthrRegistry, sendToContract, startAnvil } from './anvil.node.ts';
export { type ContractArtifact, contractArtifact, type TestContract } from './contracts.node.ts';
