export { type Anvil, deployEthrRegistry, startAnvil } from './anvil.node.ts';
