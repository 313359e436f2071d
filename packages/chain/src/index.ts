export { checkChain, createChainClient, createChainWallet, networkFetch } from './client.node.ts';
export { type BlockHeader, encodeHeader, readHeader } from './header.ts';
export { currencyOf, customNetwork, defaultNetworks, isLoopbackNetwork, type Network, type NetworkField, type NetworkInput } from './network.ts';
export { type AccountState, EMPTY_CODE_HASH, proveAccount, proveSlot, type StateProof } from './state-proof.ts';
export { type AccessList, type BlockTag, type Call, createStateSource, type Log, type LogFilter, type StateSource } from './state-source.node.ts';
