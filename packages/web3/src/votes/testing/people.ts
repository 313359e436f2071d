import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';

/** Accounts that vote: their keys are made of their number. */
export const person = (number: number): PrivateKeyAccount => privateKeyToAccount(`0x${number.toString(16).padStart(64, '5')}`);
