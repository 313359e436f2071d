import type { OwnershipReview } from '@holdfast/contract';
import { Button, Inline, Stack, TextField } from '@holdfast/ui';
import type { FormEvent, ReactElement } from 'react';
import { useAction } from '../../../shell/calls.dom.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';
import { isTokenId } from '../../../shell/tokens.ts';
import { GroupField, type KnownProps } from './group.dom.tsx';

/** Takes part with one of the wallet's tokens: a statement in public. */
export function Link({ known, onKnown, onReview }: KnownProps & { readonly onReview: (review: OwnershipReview) => void }): ReactElement {
	const prepare = useAction('owners.prepareLink');
	const tokenId = known.token.trim();
	const isReady = known.group.trim() !== '' && isTokenId(tokenId);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!isReady || prepare.pending) return;
		const result = await prepare.run({ group: known.group.trim(), tokenId });
		if (result.ok) onReview(result.value);
	};
	return (
		<form className="app-narrow" onSubmit={(event) => void submit(event)}>
			<Stack gap={4}>
				<p>This is done once for each group, and long before choosing: who takes part just before a choice comes in is easily guessed.</p>
				<GroupField known={known} onKnown={onKnown} />
				<TextField
					label="Your token’s number"
					description="It must have been in your account when the group was made."
					value={known.token}
					onChange={(token) => onKnown({ ...known, token })}
					inputMode="numeric"
					isMono
					maxLength={78}
					error={tokenId === '' || isTokenId(tokenId) ? undefined : 'A token’s number is a whole number.'}
				/>
				<Problem title="Nothing was signed" error={prepare.error} />
				<Inline justify="end">
					<Button type="submit" variant="primary" isPending={prepare.pending} pendingLabel="Reading the chain…" isDisabled={!isReady}>
						Continue
					</Button>
				</Inline>
			</Stack>
		</form>
	);
}
