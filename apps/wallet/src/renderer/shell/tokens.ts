import type { TokenStandard } from '@holdfast/contract';

export const standardName = (standard: TokenStandard): string => (standard === 'erc721' ? 'ERC-721' : 'ERC-1155');

/** How collections count, for choosing. */
export const STANDARD_OPTIONS: readonly { readonly value: TokenStandard; readonly label: string; readonly description: string }[] = [
	{ value: 'erc721', label: 'ERC-721', description: 'Every token is there once and has one owner.' },
	{ value: 'erc1155', label: 'ERC-1155', description: 'Editions: several people can have the same token.' },
];

export const isAddress = (text: string): boolean => /^0x[0-9a-fA-F]{40}$/.test(text);

/** A token’s number as it is typed. */
export const isTokenId = (text: string): boolean => /^(0|[1-9]\d{0,77})$/.test(text);
