export { type Anvil, deployEthrRegistry, startAnvil } from './anvil.node.ts';
export { type ContractArtifact, contractArtifact, type TestContract } from './contracts.node.ts';
