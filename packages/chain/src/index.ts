export { checkChain, createChainClient, createChainWallet, networkFetch } from './client.node.ts';
export { currencyOf, customNetwork, defaultNetworks, isLoopbackNetwork, type Network, type NetworkField, type NetworkInput } from './network.ts';
