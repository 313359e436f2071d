import { EventEmitter } from 'node:events';

/**
 * Electron's `powerMonitor`. Chromium does not tell about the system, so idle time is counted since the last input in
 * the window: never less than the system's, so that a lock by idle time comes at the latest when Electron's would.
 * `suspend`, `resume`, `lock-screen` and the like never fire.
 */
export class PowerMonitor extends EventEmitter {
	readonly #now: () => number;
	#last: number;

	constructor(now: () => number) {
		super();
		this.#now = now;
		this.#last = now();
	}

	/** For the window: the user did something in it. */
	noteActivity(): void {
		this.#last = this.#now();
	}

	/** Whole seconds. */
	getSystemIdleTime(): number {
		return Math.floor((this.#now() - this.#last) / 1000);
	}

	getSystemIdleState(idleThresholdSeconds: number): 'active' | 'idle' {
		return this.getSystemIdleTime() >= idleThresholdSeconds ? 'idle' : 'active';
	}

	isOnBatteryPower(): boolean {
		return false;
	}
}
