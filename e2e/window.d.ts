import type { HoldfastBridge } from '@holdfast/contract';

declare global {
	interface Window {
		readonly holdfast: HoldfastBridge;
	}
}
