import { Button, EmptyState, IconSearch } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { RecoveryPhraseScreen } from '../features/account/recovery-phrase/recovery-phrase.dom.tsx';
import { SettingsScreen } from '../features/account/settings/settings.dom.tsx';
import { CollectionScreen } from '../features/assets/collection/collection.dom.tsx';
import { AssetsScreen } from '../features/assets/list/list.dom.tsx';
import { ProveScreen } from '../features/assets/prove/prove.dom.tsx';
import { UnnamedScreen } from '../features/assets/unnamed/unnamed.dom.tsx';
import { DocumentScreen } from '../features/holder/document/document.dom.tsx';
import { PresentScreen } from '../features/holder/present/present.dom.tsx';
import { ReceiveScreen } from '../features/holder/receive/receive.dom.tsx';
import { WalletScreen } from '../features/holder/wallet/wallet.dom.tsx';
import { CreateIdentityScreen } from '../features/identity/create/create.dom.tsx';
import { IdentityScreen } from '../features/identity/detail/detail.dom.tsx';
import { BatchScreen } from '../features/issuer/batch/batch.dom.tsx';
import { ComposeScreen } from '../features/issuer/compose/compose.dom.tsx';
import { OfferScreen } from '../features/issuer/offers/offers.dom.tsx';
import { TableScreen } from '../features/issuer/table/table.dom.tsx';
import { TypeEditorScreen } from '../features/issuer/type-editor/type-editor.dom.tsx';
import { ActivityEntryScreen, ActivityScreen } from '../features/log/activity/activity.dom.tsx';
import { AskScreen } from '../features/verifier/ask/ask.dom.tsx';
import { PolicyScreen } from '../features/verifier/ask/policy.dom.tsx';
import { VerificationScreen } from '../features/verifier/result/result.dom.tsx';
import { PolicyImportScreen } from '../features/verifier/station/import.dom.tsx';
import { DaoScreen } from '../features/voter/daos/daos.dom.tsx';
import { FollowScreen } from '../features/voter/follow/follow.dom.tsx';
import { SafeMessageScreen } from '../features/voter/message/message.dom.tsx';
import { ProposalScreen } from '../features/voter/proposal/proposal.dom.tsx';
import { VoteScreen } from '../features/voter/receipts/receipts.dom.tsx';
import { IdentitiesHome, IssueHome, VerifyHome, VotesHome } from './homes.dom.tsx';
import { fromParam, paths } from './paths.ts';
import { Screen } from './screen.dom.tsx';

function NotFound(): ReactElement {
	const [, go] = useLocation();
	return (
		<Screen title="Nothing here">
			<EmptyState icon={IconSearch} title="This screen does not exist" action={<Button onPress={() => go(paths.wallet)}>Go to wallet</Button>} />
		</Screen>
	);
}

const NewPolicy = (): ReactElement => <PolicyScreen />;

/** Which screen stands at which path; the paths themselves are in paths.ts. */
export function Screens(): ReactElement {
	return (
		<Switch>
			<Route path="/" component={WalletScreen} />
			<Route path="/add" component={ReceiveScreen} />
			<Route path="/documents/:id">{({ id }) => <DocumentScreen id={id} />}</Route>
			<Route path="/assets" component={AssetsScreen} />
			<Route path="/assets/:id">{({ id }) => <CollectionScreen id={id} />}</Route>
			<Route path="/assets/:id/prove/:token/:wallet">{({ id, token, wallet }) => <ProveScreen id={id} tokenId={token} wallet={wallet} />}</Route>
			<Route path="/assets/:id/prove/:token">{({ id, token }) => <ProveScreen id={id} tokenId={token} />}</Route>
			<Route path="/assets/:id/unnamed">{({ id }) => <UnnamedScreen id={id} />}</Route>
			<Route path="/present" component={PresentScreen} />
			<Route path="/issue" component={IssueHome} />
			<Route path="/issue/new/:type">{({ type }) => <ComposeScreen typeId={fromParam(type)} />}</Route>
			<Route path="/issue/offers/:id">{({ id }) => <OfferScreen id={id} />}</Route>
			<Route path="/issue/table/:type">{({ type }) => <TableScreen typeId={fromParam(type)} />}</Route>
			<Route path="/issue/batches/:id">{({ id }) => <BatchScreen id={id} />}</Route>
			<Route path="/issue/types/new">{() => <TypeEditorScreen />}</Route>
			<Route path="/issue/types/:type">{({ type }) => <TypeEditorScreen typeId={fromParam(type)} />}</Route>
			<Route path="/verify" component={VerifyHome} />
			<Route path="/verify/new" component={AskScreen} />
			<Route path="/verify/station/new" component={NewPolicy} />
			<Route path="/verify/station/import" component={PolicyImportScreen} />
			<Route path="/verify/station/policies/:id">{({ id }) => <PolicyScreen id={id} />}</Route>
			<Route path="/verify/requests/:id">{({ id }) => <VerificationScreen id={id} />}</Route>
			<Route path="/votes" component={VotesHome} />
			<Route path="/votes/new" component={FollowScreen} />
			<Route path="/votes/daos/:id">{({ id }) => <DaoScreen id={id} />}</Route>
			<Route path="/votes/daos/:id/proposals/:proposal">{({ id, proposal }) => <ProposalScreen daoId={id} proposalId={fromParam(proposal)} />}</Route>
			<Route path="/votes/daos/:id/messages/:message">{({ id, message }) => <SafeMessageScreen daoId={id} messageId={fromParam(message)} />}</Route>
			<Route path="/votes/cast/:id">{({ id }) => <VoteScreen id={id} />}</Route>
			<Route path="/identities" component={IdentitiesHome} />
			<Route path="/identities/new" component={CreateIdentityScreen} />
			<Route path="/identities/own/:did">{({ did }) => <IdentityScreen did={fromParam(did)} />}</Route>
			<Route path="/activity" component={ActivityScreen} />
			<Route path="/activity/:id">{({ id }) => <ActivityEntryScreen id={id} />}</Route>
			<Route path="/settings" component={SettingsScreen} />
			<Route path="/settings/recovery-phrase" component={RecoveryPhraseScreen} />
			<Route component={NotFound} />
		</Switch>
	);
}
