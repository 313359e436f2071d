import type { Collection } from '@holdfast/contract';
import { Button, Inline, NumberField, Stack, TextArea } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useAction } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Problem } from '../../../shell/feedback.dom.tsx';

/** Describes a group of the collection's owners now: one line to hand to everybody. */
export function NewGroup({ collection, onMade }: { readonly collection: Collection; readonly onMade: (group: string) => void }): ReactElement {
	const define = useAction('owners.define');
	const [days, setDays] = useState<number | undefined>(30);
	const [made, setMade] = useState<string>();
	const isReady = days !== undefined && Number.isInteger(days) && days >= 1 && days <= 365;
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!isReady || define.pending) return;
		const result = await define.run({ collectionId: collection.id, days });
		if (!result.ok) return;
		setMade(result.value.group);
		onMade(result.value.group);
	};
	return (
		<form className="app-narrow" onSubmit={(event) => void submit(event)}>
			<Stack gap={4}>
				<p>
					Whoever owns a token of {collection.name} now may take part, even if they sell it later. Ask them to do so today: many nodes forget soon who owned
					what.
				</p>
				<NumberField label="Days it lasts" value={days} onChange={setDays} min={1} max={365} />
				<Problem title="The group was not made" error={define.error} />
				{made !== undefined && (
					<TextArea
						label="New group"
						description="Hand this line to everybody, and collect their statements in one list, one on each line."
						value={made}
						onChange={() => undefined}
						isReadOnly
						isMono
						rows={5}
					/>
				)}
				<Inline justify="end">
					{made !== undefined && <Button onPress={() => void copyText(made)}>Copy group</Button>}
					<Button
						type="submit"
						variant={made === undefined ? 'primary' : 'secondary'}
						isPending={define.pending}
						pendingLabel="Asking for the block…"
						isDisabled={!isReady}
					>
						{made === undefined ? 'Start a group' : 'Start another'}
					</Button>
				</Inline>
			</Stack>
		</form>
	);
}
