import type { Qr, Verification } from '@holdfast/contract';
import { Banner, Button, IconCamera, Inline, QrView, Section, Spinner, SplitView, Stack, Text } from '@holdfast/ui';
import { type ReactElement, type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { CopyField } from '../../../shell/copy.dom.tsx';
import { qrMatrix } from '../../../shell/faces.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { formatMoment } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';
import { CameraView } from '../../../shell/scan/camera-view.dom.tsx';
import { QrFilm } from '../../../shell/scan/film.dom.tsx';
import { Screen } from '../../../shell/screen.dom.tsx';
import { useService } from '../../../shell/service.dom.tsx';
import { VerdictView } from '../../../shell/verdict.dom.tsx';

/** One request: what to hand over while it waits, and the verdict when it was answered. */
export function VerificationScreen({ id }: { readonly id: string }): ReactElement {
	const [, go] = useLocation();
	const verification = useQuery('verify.get', { id }, ['verifications']);
	const title = verification.status === 'ready' ? verification.value.title : 'Request';
	return (
		<Screen title={title} back={{ label: 'Verify', onNavigate: () => go(paths.verify) }}>
			<Loaded query={verification} what="this request">
				{(value) => <VerificationView verification={value} onChanged={verification.reload} onAgain={() => go(paths.verifyNew)} />}
			</Loaded>
		</Screen>
	);
}

interface ViewProps {
	readonly verification: Verification;
	readonly onChanged: () => void;
	readonly onAgain: () => void;
}

function VerificationView({ verification, onChanged, onAgain }: ViewProps): ReactElement {
	if (verification.verdict !== null) {
		return (
			<Stack gap={5}>
				<VerdictView verdict={verification.verdict} />
				<Text size="sm" tone="muted">
					Asked {formatMoment(verification.createdAt)}
					{verification.receivedAt !== null && `, answered ${formatMoment(verification.receivedAt)}`}.
				</Text>
			</Stack>
		);
	}
	switch (verification.state) {
		case 'open':
			return verification.qr === null ? (
				<WaitingHere verification={verification} onChanged={onChanged} />
			) : (
				<Waiting verification={verification} qr={verification.qr} onChanged={onChanged} />
			);
		case 'received':
		case 'done':
			return (
				<p role="status" className="app-wait">
					<Spinner /> An answer came in. Checking it…
				</p>
			);
		case 'refused':
			return (
				<Ended title="They refused" onAgain={onAgain}>
					{verification.refusal ?? 'Their wallet said no. You learned nothing, and they owe no reason.'}
				</Ended>
			);
		case 'expired':
			return (
				<Ended title="Nobody answered in time" onAgain={onAgain}>
					The request expired on {formatMoment(verification.expiresAt)}.
				</Ended>
			);
		case 'cancelled':
			return (
				<Ended title="You cancelled this request" onAgain={onAgain}>
					An answer to it is not accepted any more.
				</Ended>
			);
	}
}

function Ended({ title, children, onAgain }: { readonly title: string; readonly children: ReactNode; readonly onAgain: () => void }): ReactElement {
	return (
		<Banner tone="caution" title={title} role="status" actions={<Button onPress={onAgain}>Ask again</Button>}>
			{children}
		</Banner>
	);
}

type WaitingProps = Pick<ViewProps, 'verification' | 'onChanged'>;

function Waiting({ verification, qr, onChanged }: WaitingProps & { readonly qr: Qr }): ReactElement {
	const { status } = useService('verifier');
	return (
		<Stack gap={5}>
			{status !== undefined && !status.running && (
				<Banner tone="caution" title="The verifying service is off">
					The request is kept, but nobody can answer it until you start the service on the Verify screen.
				</Banner>
			)}
			<SplitView
				narrow="start"
				width="20rem"
				start={
					<div className="app-qr">
						<QrView matrix={qrMatrix(qr)} label="QR code of the request" />
						<Text size="sm" tone="muted">
							Let the other person scan this with their wallet.
						</Text>
					</div>
				}
				end={
					<Stack gap={5}>
						<CopyField label="Request link" value={verification.uri} />
						<p role="status" className="app-wait">
							<Spinner /> Waiting for an answer, until {formatMoment(verification.expiresAt)}.
						</p>
						<AsksAndCancel verification={verification} onChanged={onChanged} />
					</Stack>
				}
			/>
		</Stack>
	);
}

function AsksAndCancel({ verification, onChanged }: WaitingProps): ReactElement {
	const cancel = useAction('verify.cancel');
	return (
		<>
			<Section title="You ask for">
				<ul className="app-list">
					{verification.asks.map((each) => (
						<li key={each}>{each}</li>
					))}
				</ul>
			</Section>
			<Problem title="The request was not cancelled" error={cancel.error} />
			<Inline justify="end">
				<Button
					isPending={cancel.pending}
					onPress={() =>
						void cancel.run({ id: verification.id }).then((result) => {
							if (result.ok) onChanged();
						})
					}
				>
					Cancel request
				</Button>
			</Inline>
		</>
	);
}

/** Waits for somebody in front of this computer: they read the code, and show theirs to the camera. No network takes part. */
function WaitingHere({ verification, onChanged }: WaitingProps): ReactElement {
	const [isScanning, setScanning] = useState(false);
	const answer = useAction('verify.answer');
	const take = async (text: string) => {
		const result = await answer.run({ text });
		if (result.ok) onChanged();
	};
	return (
		<SplitView
			narrow="start"
			width="22rem"
			start={
				<div className="app-qr">
					<QrFilm kind="presentation-request" text={verification.uri} label="QR code of the request" />
					<Text size="sm" tone="muted">
						First, let the other person scan this with their wallet.
					</Text>
				</div>
			}
			end={
				<Stack gap={5}>
					<Section title="Then scan their answer">
						{isScanning ? (
							<CameraView kinds={['presentation']} onText={(text) => void take(text)} aim="the film of codes on their screen" isPaused={answer.pending}>
								{answer.pending ? 'Checking…' : undefined}
							</CameraView>
						) : (
							<Button variant="primary" icon={IconCamera} onPress={() => setScanning(true)}>
								Start the camera
							</Button>
						)}
					</Section>
					<Problem title="This is not an answer to your request" error={answer.error} />
					<p className="app-wait">The request is good until {formatMoment(verification.expiresAt)}.</p>
					<AsksAndCancel verification={verification} onChanged={onChanged} />
				</Stack>
			}
		/>
	);
}
