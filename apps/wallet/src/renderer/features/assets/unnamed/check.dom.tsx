import type { OwnersVerdict } from '@holdfast/contract';
import { Button, Inline, KeyValueList, ReportTree, Section, Stack, TextArea, TextField, VerdictPanel } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useAction } from '../../../shell/calls.dom.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';
import { verdictOf } from '../../../shell/verdict.ts';
import { type KnownProps, RebuildGroup } from './group.dom.tsx';

/** Checks and counts choices of others, one after the other. */
export function Check({ known, onKnown }: KnownProps): ReactElement {
	return (
		<Stack gap={6}>
			<RebuildGroup known={known} onKnown={onKnown} />
			{known.rebuilt && <CheckForm id={known.rebuilt.group.id} known={known} onKnown={onKnown} />}
		</Stack>
	);
}

const linesOf = (text: string): string[] =>
	text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '');

function CheckForm({ id, known, onKnown }: KnownProps & { readonly id: string }): ReactElement {
	const check = useAction('owners.check');
	const { purpose } = known;
	const [options, setOptions] = useState('');
	const [text, setText] = useState('');
	const [verdict, setVerdict] = useState<OwnersVerdict>();
	const isReady = purpose.trim() !== '' && text.trim() !== '';
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!isReady || check.pending) return;
		setVerdict(undefined);
		const result = await check.run({ id, text: text.trim(), purpose: purpose.trim(), choices: linesOf(options) });
		if (result.ok) setVerdict(result.value);
	};
	return (
		<Stack gap={6}>
			<form className="app-narrow" onSubmit={(event) => void submit(event)}>
				<Stack gap={4}>
					<TextField
						label="What you asked about"
						description="In the words that you gave to everybody."
						value={purpose}
						onChange={(value) => onKnown({ ...known, purpose: value })}
						maxLength={300}
					/>
					<TextArea
						label="What could be chosen"
						isOptional
						description="One on each line. Left empty, any text counts."
						value={options}
						onChange={setOptions}
						rows={3}
						maxLength={15_000}
					/>
					<TextArea label="The choice that was sent" value={text} onChange={setText} rows={5} isMono maxLength={131_072} />
					<Problem title="The choice was not checked" error={check.error} />
					<Inline justify="end">
						<Button type="submit" variant="primary" isPending={check.pending} pendingLabel="Checking…" isDisabled={!isReady}>
							Check and count
						</Button>
					</Inline>
				</Stack>
			</form>
			{verdict && <Verdict verdict={verdict} />}
		</Stack>
	);
}

function Verdict({ verdict }: { readonly verdict: OwnersVerdict }): ReactElement {
	return (
		<Stack gap={5}>
			<VerdictPanel verdict={verdictOf(verdict)} title={verdict.choice === null ? 'Not counted' : `Counted: ${verdict.choice}`} reason={verdict.sentence} />
			{verdict.counts.length > 0 && (
				<Section title="Counted so far">
					<KeyValueList items={verdict.counts.map(({ choice, count }) => ({ id: choice, label: choice, value: String(count) }))} />
				</Section>
			)}
			<Section title="What was checked">
				<ReportTree report={verdict.report} hideRoot />
			</Section>
		</Stack>
	);
}
