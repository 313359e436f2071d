import { CredentialCard, EmptyState, IconIssue, Stack, Text } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { useQuery } from '../../../shell/calls.dom.ts';
import { faceOfType } from '../../../shell/faces.ts';
import { Loaded } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';

/** What can be issued. */
export function CredentialTypes(): ReactElement {
	const [, go] = useLocation();
	const types = useQuery('issue.types', {});
	return (
		<Loaded query={types} what="the kinds of documents">
			{(list) =>
				list.length === 0 ? (
					<EmptyState icon={IconIssue} title="No kinds of documents">
						This installation has none. Install Holdfast again to get the built-in ones back.
					</EmptyState>
				) : (
					<ul className="app-cards hf-list-reset" aria-label="Kinds of documents">
						{list.map((type) => (
							<li key={type.id}>
								<Stack gap={2}>
									<CredentialCard {...faceOfType(type.appearance, 'You', type.vct)} title={type.name} onPress={() => go(paths.issueNew(type.id))} />
									<Text size="sm" tone="muted">
										{type.description}
									</Text>
								</Stack>
							</li>
						))}
					</ul>
				)
			}
		</Loaded>
	);
}
