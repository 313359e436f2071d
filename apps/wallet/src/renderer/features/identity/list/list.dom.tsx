import { Badge, Button, EmptyState, IconAdd, IconIdentity, Inline, Mono, Text } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Loaded } from '../../../shell/feedback.dom.tsx';
import { formatDay } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';
import { KEY_TYPE_NAMES } from '../../../shell/words.ts';

/** The person's own DIDs. */
export function IdentityList(): ReactElement {
	const [, go] = useLocation();
	const dids = useQuery('dids.list', {}, ['dids']);
	return (
		<Loaded query={dids} what="your identities">
			{(list) =>
				list.length === 0 ? (
					<EmptyState
						icon={IconIdentity}
						title="No identities yet"
						action={
							<Button variant="primary" icon={IconAdd} onPress={() => go(paths.identityNew)}>
								Create identity
							</Button>
						}
					>
						You need one to issue documents or to sign requests. For holding documents none is needed: each gets a key of its own.
					</EmptyState>
				) : (
					<ul className="app-rows hf-list-reset" aria-label="Identities">
						{list.map((each) => (
							<li key={each.did} className="app-row">
								<div className="app-row__words">
									<Inline>
										<strong>{each.alias ?? 'Without a name'}</strong>
										<Badge>{each.method}</Badge>
										{each.network !== null && <Badge>{each.network}</Badge>}
									</Inline>
									<Text size="sm" tone="muted">
										<Mono label="DID" onCopy={() => copyText(each.did)}>
											{each.did}
										</Mono>{' '}
										· {each.keyTypes.map((type) => KEY_TYPE_NAMES[type]).join(', ')} · made {formatDay(each.createdAt)}
									</Text>
								</div>
								<Button size="small" onPress={() => go(paths.identity(each.did))} aria-label={`Show ${each.alias ?? each.did}`}>
									Show
								</Button>
							</li>
						))}
					</ul>
				)
			}
		</Loaded>
	);
}
