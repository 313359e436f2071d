import { createContext, type ReactElement, type ReactNode, use, useEffect, useRef, useState } from 'react';

/** What one screen leaves for another. It is taken once, and never stands in an address. */
export type Handoff =
	| { readonly to: 'receive' | 'present'; readonly kind: 'text'; readonly text: string }
	/** An interrupted exchange to take up again. */
	| { readonly to: 'receive'; readonly kind: 'resume'; readonly id: string };

interface HandoffBox {
	readonly put: (value: Handoff) => void;
	readonly take: (to: Handoff['to']) => Handoff | undefined;
	readonly subscribe: (listener: () => void) => () => void;
}

const HandoffContext = createContext<HandoffBox | undefined>(undefined);

function createBox(): HandoffBox {
	let held: Handoff | undefined;
	const listeners = new Set<() => void>();
	return {
		put: (value) => {
			held = value;
			for (const listener of listeners) listener();
		},
		take: (to) => {
			if (held?.to !== to) return undefined;
			const taken = held;
			held = undefined;
			return taken;
		},
		subscribe: (listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

export function HandoffProvider({ children }: { readonly children: ReactNode }): ReactElement {
	const [box] = useState(createBox);
	return <HandoffContext value={box}>{children}</HandoffContext>;
}

function useBox(): HandoffBox {
	const box = use(HandoffContext);
	if (!box) throw new Error('This needs a HandoffProvider around it.');
	return box;
}

/** Leaves something for a screen; going there is the caller's part. */
export const useHandOver = (): HandoffBox['put'] => useBox().put;

/** Gives `onHandoff` what was left for this screen, before it came or while it is there. */
export function useHandedOver(to: Handoff['to'], onHandoff: (handoff: Handoff) => void): void {
	const box = useBox();
	const latest = useRef(onHandoff);
	useEffect(() => {
		latest.current = onHandoff;
	});
	useEffect(() => {
		const look = () => {
			const left = box.take(to);
			if (left) latest.current(left);
		};
		look();
		return box.subscribe(look);
	}, [box, to]);
}
