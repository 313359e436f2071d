import type { CredentialDetail } from '@holdfast/contract';
import { Banner, Button, Stack, Text } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useAction } from '../../../shell/calls.dom.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';
import { formatMoment } from '../../../shell/format.ts';

type Summary = CredentialDetail['summary'];

const WORDS = {
	withdrawn: { tone: 'negative', title: 'Its issuer has withdrawn this document', text: 'Verifiers who look will refuse it. Ask its issuer.' },
	suspended: { tone: 'caution', title: 'Its issuer has suspended this document', text: 'Verifiers who look will refuse it for now. Ask its issuer.' },
	unclear: { tone: 'caution', title: 'Its issuer gave this document a status that Holdfast does not know', text: 'Verifiers may refuse it. Ask its issuer.' },
} as const;

/** What the last look at the issuer's list found; nothing where it is in order or nobody has looked. */
export function WithdrawalNote({ summary }: { readonly summary: Summary }): ReactElement | null {
	const { withdrawal } = summary;
	if (withdrawal === null || withdrawal.state === 'in-force') return null;
	const { tone, title, text } = WORDS[withdrawal.state];
	return (
		<Banner tone={tone} title={title}>
			{text} Known as of {formatMoment(withdrawal.asOf)}.
		</Banner>
	);
}

/** Looks when the holder wants to know, and not before. */
export function WithdrawalCheck({ summary }: { readonly summary: Summary }): ReactElement {
	const look = useAction('credentials.checkStatus');
	return (
		<Stack gap={2}>
			{summary.withdrawal?.state === 'in-force' && <p role="status">Not withdrawn, as of {formatMoment(summary.withdrawal.asOf)}.</p>}
			<div>
				<Button size="small" isPending={look.pending} pendingLabel="Asking…" onPress={() => void look.run({ id: summary.id })}>
					Check whether it still counts
				</Button>
			</div>
			<Text size="sm" tone="muted">
				Fetches its issuer’s whole list. They learn that somebody with such a document asks, and not which.
			</Text>
			<Problem title="It is not known" error={look.error} />
		</Stack>
	);
}
