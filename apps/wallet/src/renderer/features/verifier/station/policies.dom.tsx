import type { StationPolicy } from '@holdfast/contract';
import { Button, ConfirmDialog, EmptyState, IconAdd, IconReceive, IconScan, Inline, Stack, Text } from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { ExportPolicy } from './export.dom.tsx';

/** The station's policies, each with the way to start it. */
export function StationPolicies(): ReactElement {
	const [, go] = useLocation();
	const policies = useQuery('station.policies', {}, ['station']);
	const remove = useAction('station.removePolicy');
	const [removing, setRemoving] = useState<StationPolicy>();
	const [exporting, setExporting] = useState<StationPolicy>();
	const make = (
		<Inline>
			<Button icon={IconAdd} onPress={() => go(paths.verifyPolicyNew)}>
				Make a policy
			</Button>
			<Button icon={IconReceive} onPress={() => go(paths.verifyPolicyImport)}>
				Import a policy
			</Button>
		</Inline>
	);
	const confirm = async () => {
		if (!removing) return;
		const result = await remove.run({ id: removing.id });
		setRemoving(undefined);
		if (result.ok) policies.reload();
	};
	return (
		<Stack gap={4}>
			<Problem title="The policy was not deleted" error={remove.error} />
			<Loaded query={policies} what="the station’s policies">
				{(list) =>
					list.length === 0 ? (
						<EmptyState icon={IconScan} title="No policies yet" action={make}>
							At a door or a counter, this computer can ask everybody the same and judge their answers by camera, without a network. A policy says what it asks.
						</EmptyState>
					) : (
						<Stack gap={4}>
							<ul className="app-rows hf-list-reset" aria-label="Station policies">
								{list.map((policy) => (
									<li key={policy.id} className="app-row">
										<div className="app-row__words">
											<strong>{policy.title}</strong>
											<Text size="sm" tone="muted">
												{policy.asks.join('; ')}
											</Text>
										</div>
										<Inline>
											<Button size="small" onPress={() => setRemoving(policy)} aria-label={`Delete ${policy.title}`}>
												Delete
											</Button>
											<Button size="small" onPress={() => setExporting(policy)} aria-label={`Export ${policy.title}`}>
												Export
											</Button>
											<Button size="small" onPress={() => go(paths.verifyPolicy(policy.id))} aria-label={`Change ${policy.title}`}>
												Change
											</Button>
											<Button size="small" variant="primary" onPress={() => go(paths.station(policy.id))} aria-label={`Start the station: ${policy.title}`}>
												Start
											</Button>
										</Inline>
									</li>
								))}
							</ul>
							{make}
						</Stack>
					)
				}
			</Loaded>
			{exporting && <ExportPolicy policy={exporting} onClose={() => setExporting(undefined)} />}
			<ConfirmDialog
				isOpen={removing !== undefined}
				title="Delete this policy?"
				confirmLabel="Delete policy"
				isDanger
				isPending={remove.pending}
				onConfirm={() => void confirm()}
				onCancel={() => setRemoving(undefined)}
			>
				The station can no longer be started with “{removing?.title}”. What is in your log stays.
			</ConfirmDialog>
		</Stack>
	);
}
