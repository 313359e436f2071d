import { Button, CredentialCard, EmptyState, IconAdd, IconDocuments } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { useQuery } from '../../../shell/calls.dom.ts';
import { faceOf } from '../../../shell/faces.ts';
import { Loaded } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';

/** The documents that the person holds. */
export function WalletScreen(): ReactElement {
	const [, go] = useLocation();
	const documents = useQuery('credentials.list', {}, ['credentials']);
	const add = (
		<Button variant="primary" icon={IconAdd} onPress={() => go(paths.receive)}>
			Add a document
		</Button>
	);
	const isEmpty = documents.status === 'ready' && documents.value.length === 0;
	return (
		<Screen title="Wallet" lead={isEmpty ? undefined : 'Your documents. They stay on this computer until you show one.'} action={isEmpty ? undefined : add}>
			<Loaded query={documents} what="your documents">
				{(list) =>
					list.length === 0 ? (
						<EmptyState icon={IconDocuments} title="No documents yet" action={add}>
							A school, an office or an employer can offer you a document as a link or a QR code. It will be kept here.
						</EmptyState>
					) : (
						<ul className="app-cards hf-list-reset" aria-label="Documents">
							{list.map((summary) => (
								<li key={summary.id}>
									<CredentialCard {...faceOf(summary)} onPress={() => go(paths.document(summary.id))} />
								</li>
							))}
						</ul>
					)
				}
			</Loaded>
		</Screen>
	);
}
