import { Button, IconAdd, Stack, Tabs } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { IdentityList } from '../features/identity/list/list.dom.tsx';
import { Networks } from '../features/identity/networks/networks.dom.tsx';
import { ResolveAny } from '../features/identity/resolve/resolve.dom.tsx';
import { Approvals } from '../features/issuer/approvals/approvals.dom.tsx';
import { Batches } from '../features/issuer/batch/batch.dom.tsx';
import { IssuedList, Offers } from '../features/issuer/offers/offers.dom.tsx';
import { Register } from '../features/issuer/register/register.dom.tsx';
import { CredentialTypes } from '../features/issuer/types/types.dom.tsx';
import { CheckDocument } from '../features/verifier/check/check.dom.tsx';
import { Requests } from '../features/verifier/requests/requests.dom.tsx';
import { StationPolicies } from '../features/verifier/station/policies.dom.tsx';
import { TrustedIssuers } from '../features/verifier/trust/trust.dom.tsx';
import { DaoList } from '../features/voter/daos/daos.dom.tsx';
import { DescriptionList } from '../features/voter/descriptions/descriptions.dom.tsx';
import { VoteList } from '../features/voter/receipts/receipts.dom.tsx';
import { paths } from './paths.ts';
import { Screen } from './screen.dom.tsx';
import { ServicePanel } from './service.dom.tsx';

// The first screens of the three parts that have several views: features do not know each other, so they meet here.

export function IssueHome(): ReactElement {
	return (
		<Screen title="Issue" lead="Make a document for somebody and sign it with one of your identities.">
			<Stack gap={6}>
				<ServicePanel kind="issuer" />
				<Tabs
					label="Issuing"
					items={[
						{ id: 'types', label: 'New document', content: <CredentialTypes /> },
						{ id: 'offers', label: 'Offers', content: <Offers /> },
						{ id: 'batches', label: 'Tables', content: <Batches /> },
						{ id: 'issued', label: 'Issued', content: <IssuedList /> },
						{ id: 'register', label: 'Register', content: <Register /> },
						{ id: 'approvals', label: 'Approvals', content: <Approvals /> },
					]}
				/>
			</Stack>
		</Screen>
	);
}

export function VerifyHome(): ReactElement {
	const [, go] = useLocation();
	return (
		<Screen
			title="Verify"
			lead="Ask somebody for a document, or check one that you have."
			action={
				<Button variant="primary" icon={IconAdd} onPress={() => go(paths.verifyNew)}>
					Ask for a document
				</Button>
			}
		>
			<Stack gap={6}>
				<ServicePanel kind="verifier" />
				<Tabs
					label="Verifying"
					items={[
						{ id: 'requests', label: 'Requests', content: <Requests /> },
						{ id: 'station', label: 'Station', content: <StationPolicies /> },
						{ id: 'check', label: 'Check a document', content: <CheckDocument /> },
						{ id: 'trust', label: 'Trusted issuers', content: <TrustedIssuers /> },
					]}
				/>
			</Stack>
		</Screen>
	);
}

export function VotesHome(): ReactElement {
	const [, go] = useLocation();
	return (
		<Screen
			title="Votes"
			lead="Vote in DAOs, with an account of its own for each, which signs nothing but votes."
			action={
				<Button variant="primary" icon={IconAdd} onPress={() => go(paths.daoNew)}>
					Follow a DAO
				</Button>
			}
		>
			<Tabs
				label="Votes"
				items={[
					{ id: 'daos', label: 'DAOs', content: <DaoList /> },
					{ id: 'votes', label: 'Your votes', content: <VoteList /> },
					{ id: 'descriptions', label: 'Descriptions of contracts', content: <DescriptionList /> },
				]}
			/>
		</Screen>
	);
}

export function IdentitiesHome(): ReactElement {
	const [, go] = useLocation();
	return (
		<Screen
			title="Identities"
			lead="Names that you sign with. Their keys come from your recovery phrase."
			action={
				<Button variant="primary" icon={IconAdd} onPress={() => go(paths.identityNew)}>
					Create identity
				</Button>
			}
		>
			<Tabs
				label="Identities"
				items={[
					{ id: 'own', label: 'Your identities', content: <IdentityList /> },
					{ id: 'resolve', label: 'Look up a DID', content: <ResolveAny /> },
					{ id: 'networks', label: 'Networks', content: <Networks /> },
				]}
			/>
		</Screen>
	);
}
