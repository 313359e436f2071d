import type { Proposal } from '@holdfast/contract';
import { Badge, Disclosure, Inline, KeyValueList, Section, Stack, Text } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { copyText } from '../../../shell/copy.dom.tsx';

/** What a proposal would do on chain, above what its author says about it: only the calls are binding. */
export function Effects({ calls }: { readonly calls: Proposal['calls'] }): ReactElement {
	return (
		<Section title="What it would do" description="If it passes, this is what happens on the chain, whatever the text below says.">
			{calls.length === 0 ? (
				<Text>Nothing happens on the chain by itself. Somebody has to carry out what is decided.</Text>
			) : (
				<ol className="app-rows hf-list-reset" aria-label="Calls">
					{calls.map((call, index) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a call's place is its identity
						<li key={index} className="app-row">
							<div className="app-row__words">
								<Stack gap={2}>
									<Inline>
										<strong>Call {index + 1}</strong>
										{call.delegate && <Badge tone="negative">Runs foreign code as the DAO itself</Badge>}
									</Inline>
									<KeyValueList
										items={[
											{ id: 'target', label: 'Contract', value: call.target, kind: 'mono', onCopy: () => copyText(call.target) },
											...(call.value === '0' ? [] : [{ id: 'value', label: 'Currency sent, in its smallest unit', value: call.value }]),
										]}
									/>
									<Disclosure label="Call data">
										<p className="app-mono">{call.data}</p>
									</Disclosure>
								</Stack>
							</div>
						</li>
					))}
				</ol>
			)}
		</Section>
	);
}
