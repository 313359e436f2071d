import type { StationPolicy } from '@holdfast/contract';
import { ConfirmDialog, Select, Stack, Text, useToast } from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';

export interface ExportPolicyProps {
	readonly policy: StationPolicy;
	readonly onClose: () => void;
}

/** Writes a policy as a file, signed by one of the wallet's identities. */
export function ExportPolicy({ policy, onClose }: ExportPolicyProps): ReactElement {
	const toast = useToast();
	const dids = useQuery('dids.list', {}, ['dids']);
	const write = useAction('station.exportPolicy');
	const [signer, setSigner] = useState(policy.verifierDid ?? '');
	const own = dids.status === 'ready' ? dids.value : [];
	const confirm = async () => {
		const result = await write.run({ id: policy.id, signerDid: signer });
		if (!result.ok || result.value.path === null) return;
		toast({ title: 'The policy was written', description: result.value.path, tone: 'positive' });
		onClose();
	};
	return (
		<ConfirmDialog
			isOpen
			title={`Export “${policy.title}”?`}
			confirmLabel="Choose a folder"
			isPending={write.pending}
			isConfirmDisabled={!own.some((each) => each.did === signer)}
			onConfirm={() => void confirm()}
			onCancel={onClose}
		>
			<Stack gap={4}>
				<Text>
					The file says what is asked and how, and who signed it. Other stations read it before they keep it. Nothing about anybody who came is in it.
				</Text>
				{dids.status === 'ready' && own.length === 0 ? (
					<Text>You need an identity to sign with. Make one on the Identities screen.</Text>
				) : (
					<Select
						label="Sign as"
						options={own.map((each) => ({ value: each.did, label: each.alias ?? each.did, description: each.did }))}
						value={signer}
						onChange={setSigner}
					/>
				)}
				<Problem title="The policy was not written" error={write.error} />
			</Stack>
		</ConfirmDialog>
	);
}
