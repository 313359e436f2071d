import { createContext, type ReactElement, type ReactNode, use, useState } from 'react';

// The vault tells an offer's transaction code once, in the answer that made the offer. It is kept here, for
// the one screen that shows it, until another offer is made or the wallet locks.
interface FreshTxCode {
	readonly offerId: string;
	readonly code: string;
}

const TxCodeContext = createContext<readonly [FreshTxCode | undefined, (value: FreshTxCode | undefined) => void] | undefined>(undefined);

export function TxCodeProvider({ children }: { readonly children: ReactNode }): ReactElement {
	const state = useState<FreshTxCode>();
	return <TxCodeContext value={state}>{children}</TxCodeContext>;
}

function useBox() {
	const box = use(TxCodeContext);
	if (!box) throw new Error('This needs a TxCodeProvider around it.');
	return box;
}

/** The code of the offer that was just made. */
export function useFreshTxCode(offerId: string): string | undefined {
	const [held] = useBox();
	return held?.offerId === offerId ? held.code : undefined;
}

export function useKeepTxCode(): (offerId: string, code: string | null) => void {
	const [, set] = useBox();
	return (offerId, code) => set(code === null ? undefined : { offerId, code });
}
