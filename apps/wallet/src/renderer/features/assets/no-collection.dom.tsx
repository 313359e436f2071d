import { Button, EmptyState, IconCollectible } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { paths } from '../../shell/paths.ts';

/** In place of a collection that was removed, or never was here. */
export function NoCollection(): ReactElement {
	const [, go] = useLocation();
	return (
		<EmptyState
			icon={IconCollectible}
			title="This collection is not in your wallet"
			action={<Button onPress={() => go(paths.assets)}>Show your collections</Button>}
		/>
	);
}
