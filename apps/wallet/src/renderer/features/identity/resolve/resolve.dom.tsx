import type { Resolution } from '@holdfast/contract';
import { Button, Inline, Stack, TextField } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useAction } from '../../../shell/calls.dom.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';
import { ResolutionView } from '../../../shell/resolution.dom.tsx';

/** Looks any DID up. */
export function ResolveAny(): ReactElement {
	const [did, setDid] = useState('');
	const [resolution, setResolution] = useState<Resolution>();
	const resolve = useAction('dids.resolve');
	const read = async (name: string, fresh: boolean) => {
		const result = await resolve.run(fresh ? { did: name, fresh } : { did: name });
		setResolution(result.ok ? result.value : undefined);
	};
	const isDid = /^did:[a-z0-9]+:\S+$/.test(did.trim());
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (isDid && !resolve.pending) void read(did.trim(), false);
	};
	return (
		<Stack gap={6}>
			<form className="app-narrow" onSubmit={submit}>
				<Stack gap={4}>
					<TextField
						label="DID"
						description="did:web and did:ethr are looked up over the network: their servers see that somebody asks."
						value={did}
						onChange={setDid}
						placeholder="did:"
						isMono
						maxLength={2048}
						error={did.trim() === '' || isDid || 'did:'.startsWith(did.trim()) ? undefined : 'A DID looks like did:method:name.'}
					/>
					<Problem title="The DID was not found" error={resolve.error} />
					<Inline justify="end">
						<Button type="submit" variant="primary" isPending={resolve.pending} pendingLabel="Looking it up…" isDisabled={!isDid}>
							Look it up
						</Button>
					</Inline>
				</Stack>
			</form>
			{resolution && <ResolutionView resolution={resolution} onRefresh={() => void read(resolution.did, true)} isRefreshing={resolve.pending} />}
		</Stack>
	);
}
