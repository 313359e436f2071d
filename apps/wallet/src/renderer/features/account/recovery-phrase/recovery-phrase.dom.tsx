import { useToast } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { paths } from '../../../shell/paths.ts';
import { RecoveryPhraseFlow } from '../../../shell/recovery-phrase.dom.tsx';
import { Screen } from '../../../shell/screen.dom.tsx';

/** Shows the recovery phrase again, to whoever knows the passphrase. */
export function RecoveryPhraseScreen(): ReactElement {
	const [, go] = useLocation();
	const toast = useToast();
	return (
		<RecoveryPhraseFlow
			Frame={Screen}
			back={{ label: 'Settings', onNavigate: () => go(paths.settings) }}
			onDone={(confirmed) => {
				if (confirmed) toast({ title: 'Recovery phrase checked', tone: 'positive' });
				go(paths.settings);
			}}
		/>
	);
}
