import type { DecodedAction } from './decode.ts';

/**
 * Safe's MultiSend and MultiSendCallOnly, 1.3.0 (both ways of deploying it) and 1.4.1: the same on every network, at addresses that follow from
 * their code. Source: safe-global/safe-deployments.
 */
const MULTI_SENDS: ReadonlySet<string> = new Set(
	[
		'0xA238CBeb142c10Ef7Ad8442C6D1f9E89e07e7761',
		'0x40A2aCCbd92BCA938b02010E17A5b8929b49130D',
		'0x998739BFdAAdde7C933B942a68053933098f9EDa',
		'0xA1dabEF33b3B82c7814B6D82A79e50F4AC44102B',
		'0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526',
		'0x9641d764fc13c8B624c04430C7356C1C7C8102e2',
	].map((address) => address.toLowerCase()),
);

/**
 * Whether a delegate call does what its batch says and nothing else. A function's name says nothing about that: any contract can have a
 * `multiSend` that does something else with all the rights of whoever calls it.
 */
export const isBatch = (action: DecodedAction): boolean =>
	action.operation === 'delegatecall' && action.call?.name === 'multiSend' && action.exact && MULTI_SENDS.has(action.to.toLowerCase());
