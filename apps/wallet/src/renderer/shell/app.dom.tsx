import type { LockReason } from '@holdfast/contract';
import type { ErrorInfo } from '@holdfast/kernel';
import {
	AppFrame,
	applyTheme,
	IconActivity,
	IconCollectible,
	IconIdentity,
	IconIssue,
	IconPresent,
	IconSettings,
	IconVerify,
	IconVote,
	IconWallet,
	Sidebar,
	type SidebarItem,
	ToastProvider,
} from '@holdfast/ui';
import { type ReactElement, useCallback, useEffect, useState } from 'react';
import { Router, useLocation } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { Onboarding } from '../features/account/onboarding/onboarding.dom.tsx';
import { call, listen } from './bridge.dom.ts';
import { useQuery } from './calls.dom.ts';
import { ErrorBoundary } from './error-boundary.dom.tsx';
import { Problem } from './feedback.dom.tsx';
import { keepFocus } from './focus-keeper.dom.ts';
import { HandoffProvider } from './handoff.dom.tsx';
import { LockScreen } from './lock-screen.dom.tsx';
import { LinkPrompt, Notices } from './notices.dom.tsx';
import { paths, type SectionId, sectionOf } from './paths.ts';
import { CenteredScreen } from './screen.dom.tsx';
import { Screens } from './screens.dom.tsx';
import { rememberTheme } from './theme.dom.ts';
import { TxCodeProvider } from './tx-code.dom.tsx';

const ITEMS: readonly SidebarItem<SectionId>[] = [
	{ id: 'wallet', label: 'Wallet', icon: IconWallet },
	{ id: 'assets', label: 'Assets', icon: IconCollectible },
	{ id: 'present', label: 'Present', icon: IconPresent },
	{ id: 'issue', label: 'Issue', icon: IconIssue },
	{ id: 'verify', label: 'Verify', icon: IconVerify },
	{ id: 'votes', label: 'Votes', icon: IconVote },
	{ id: 'identities', label: 'Identities', icon: IconIdentity },
	{ id: 'activity', label: 'Activity', icon: IconActivity },
	{ id: 'settings', label: 'Settings', icon: IconSettings },
];

function Workspace(): ReactElement {
	const [location, go] = useLocation();
	// Choosing a place always opens it from its beginning, also where the screen of an earlier visit still stands.
	const [visit, setVisit] = useState(0);
	const open = (id: SectionId): void => {
		setVisit(visit + 1);
		go(paths[id]);
	};
	return (
		<AppFrame sidebar={<Sidebar brand="Holdfast" items={ITEMS} active={sectionOf(location)} onNavigate={open} onLock={() => void call('app.lock', {})} />}>
			<LinkPrompt />
			{location === paths.wallet && <Notices />}
			<ErrorBoundary key={`${visit} ${location}`}>
				<Screens />
			</ErrorBoundary>
		</AppFrame>
	);
}

/** The wallet once it is open. Made anew at each unlocking: nothing of an earlier session stays. */
function Unlocked(): ReactElement {
	const [memory] = useState(() => memoryLocation({ path: paths.wallet }));
	const settings = useQuery('settings.get', {}, ['settings']);
	const theme = settings.status === 'ready' ? settings.value.theme : undefined;
	useEffect(() => {
		if (theme === undefined) return;
		applyTheme(theme);
		rememberTheme(theme);
	}, [theme]);
	return (
		<Router hook={memory.hook}>
			<ToastProvider>
				<HandoffProvider>
					<TxCodeProvider>
						<Workspace />
					</TxCodeProvider>
				</HandoffProvider>
			</ToastProvider>
		</Router>
	);
}

type Gate =
	| { readonly phase: 'opening' }
	| { readonly phase: 'failed'; readonly error: ErrorInfo }
	| { readonly phase: 'empty' }
	| { readonly phase: 'locked'; readonly reason: LockReason | null; readonly retryAfterMs: number }
	| { readonly phase: 'unlocked' };

/** What is shown depends on the vault alone: onboarding, the lock screen, or the wallet. */
export function App(): ReactElement {
	const [gate, setGate] = useState<Gate>({ phase: 'opening' });

	const look = useCallback(async () => {
		const [status, shell] = await Promise.all([call('vault.status', {}), call('app.shell', {})]);
		if (!status.ok) setGate({ phase: 'failed', error: status.error });
		else if (status.value.phase === 'locked') {
			setGate({ phase: 'locked', reason: shell.ok ? shell.value.lockedBecause : null, retryAfterMs: status.value.retryAfterMs });
		} else setGate({ phase: status.value.phase });
	}, []);

	useEffect(() => keepFocus(document), []);

	useEffect(() => {
		void look();
		// The shell loads the page afresh after this. What was open goes at once, and the lock screen comes with the new page:
		// shown here already, it would lose what is typed into it in between.
		return listen('vault.locked', () => setGate({ phase: 'opening' }));
	}, [look]);

	switch (gate.phase) {
		case 'opening':
			return <main aria-busy="true" aria-label="Holdfast is opening" />;
		case 'failed':
			return (
				<CenteredScreen title="Holdfast could not open">
					<Problem error={gate.error} onRetry={() => void look()} />
				</CenteredScreen>
			);
		case 'empty':
			return <Onboarding onDone={() => void look()} />;
		case 'locked':
			return <LockScreen reason={gate.reason} retryAfterMs={gate.retryAfterMs} onUnlocked={() => void look()} />;
		case 'unlocked':
			return <Unlocked />;
	}
}
