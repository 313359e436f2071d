import { Button, CredentialCard, EmptyState, IconAdd, IconIssue, Inline, Stack, Text } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { useQuery } from '../../../shell/calls.dom.ts';
import { faceOfType } from '../../../shell/faces.ts';
import { Loaded } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';

/** What can be issued. */
export function CredentialTypes(): ReactElement {
	const [, go] = useLocation();
	const types = useQuery('issue.types', {}, ['types']);
	return (
		<Loaded query={types} what="the kinds of documents">
			{(list) =>
				list.length === 0 ? (
					<EmptyState icon={IconIssue} title="No kinds of documents">
						This installation has none. Install Holdfast again to get the built-in ones back.
					</EmptyState>
				) : (
					<Stack gap={5}>
						<Inline justify="end">
							<Button icon={IconAdd} onPress={() => go(paths.typeNew)}>
								Make a kind of document
							</Button>
						</Inline>
						<ul className="app-cards hf-list-reset" aria-label="Kinds of documents">
							{list.map((type) => (
								<li key={type.id}>
									<Stack gap={2}>
										<CredentialCard {...faceOfType(type.appearance, 'You', type.vct)} title={type.name} onPress={() => go(paths.issueNew(type.id))} />
										<Text size="sm" tone="muted">
											{type.description}
										</Text>
										<Inline>
											<Button size="small" variant="quiet" onPress={() => go(paths.table(type.id))} aria-label={`From a table: ${type.name}`}>
												From a table
											</Button>
											{!type.builtin && (
												<Button size="small" variant="quiet" onPress={() => go(paths.typeEdit(type.id))} aria-label={`Change kind of document: ${type.name}`}>
													Change
												</Button>
											)}
										</Inline>
									</Stack>
								</li>
							))}
						</ul>
					</Stack>
				)
			}
		</Loaded>
	);
}
