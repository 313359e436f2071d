import type { StationPolicy, Verdict } from '@holdfast/contract';
import { Banner, Button, ConfirmDialog, Inline, KeyValueList, Spinner, Stack, Switch, Text, VerdictPanel } from '@holdfast/ui';
import { type ReactElement, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { call } from '../../../shell/bridge.dom.ts';
import { useQuery } from '../../../shell/calls.dom.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { formatMoment } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';
import { useCameraCount } from '../../../shell/scan/camera.dom.ts';
import { CameraView } from '../../../shell/scan/camera-view.dom.tsx';
import { QrFilm } from '../../../shell/scan/film.dom.tsx';
import { verdictOf } from '../../../shell/verdict.ts';
import { claimItems } from '../../../shell/words.ts';
import { trustWords } from './age.ts';
import { type Chime, createChime } from './chime.dom.ts';
import { useRequests } from './requests.dom.ts';

/** Answers that were taken lately: the film of the last person may still be before the camera. */
const REMEMBERED = 20;
/** The verifier's station: one policy, the whole window, one person after the other. */
export function StationScreen({ policyId }: { readonly policyId: string }): ReactElement {
	const [, go] = useLocation();
	const policies = useQuery('station.policies', {}, ['station']);
	useEffect(() => {
		document.title = 'Station – Holdfast';
		void call('app.fullScreen', { on: true });
		return () => void call('app.fullScreen', { on: false });
	}, []);
	return (
		<main className="app-station">
			<Loaded query={policies} what="the policy">
				{(list) => {
					const policy = list.find((each) => each.id === policyId);
					return policy ? (
						<Station policy={policy} />
					) : (
						<Banner tone="caution" title="This policy was deleted" actions={<Button onPress={() => go(paths.verify)}>Go back</Button>}>
							Choose another one.
						</Banner>
					);
				}}
			</Loaded>
		</main>
	);
}

type Turn =
	| { readonly name: 'waiting' }
	| { readonly name: 'checking' }
	| { readonly name: 'verdict'; readonly verdict: Verdict; readonly statusAsOf: number | null }
	/** What was shown is no answer that can be judged. */
	| { readonly name: 'refused'; readonly why: string };

function Station({ policy }: { readonly policy: StationPolicy }): ReactElement {
	const requests = useRequests(policy.id);
	const [turn, setTurn] = useState<Turn>({ name: 'waiting' });
	const [counts, setCounts] = useState({ accepted: 0, refused: 0 });
	const [hint, setHint] = useState<string>();
	const [isLoud, setLoud] = useState(true);
	const cameraCount = useCameraCount();
	const [wantsTwo, setWantsTwo] = useState(false);
	const cameras = wantsTwo && cameraCount > 1 ? [0, 1] : [0];
	const chime = useRef<Chime>(undefined);
	const seen = useRef<string[]>([]);

	useEffect(() => {
		const made = createChime();
		chime.current = made;
		return () => made.close();
	}, []);

	const end = (next: Turn, isYes: boolean) => {
		setTurn(next);
		setCounts(({ accepted, refused }) => (isYes ? { accepted: accepted + 1, refused } : { accepted, refused: refused + 1 }));
		if (isLoud) chime.current?.play(isYes);
	};

	const take = async (text: string) => {
		if (seen.current.includes(text)) return setHint('This answer has been read. Whoever is next scans the code on this screen first.');
		if (!text.startsWith('{')) {
			const about = await call('link.classify', { text });
			return setHint(about.ok ? `This is not an answer. ${about.value.words}` : 'This is not an answer.');
		}
		seen.current = [...seen.current.slice(1 - REMEMBERED), text];
		setHint(undefined);
		setTurn({ name: 'checking' });
		const result = await call('station.answer', { text });
		if (result.ok) end({ name: 'verdict', verdict: result.value.verdict, statusAsOf: result.value.statusAsOf }, result.value.verdict.accepted);
		else end({ name: 'refused', why: result.error.message }, false);
	};

	const { next } = requests;
	const nextPerson = useCallback(() => {
		setTurn({ name: 'waiting' });
		setHint(undefined);
		next();
	}, [next]);

	const isOver = turn.name === 'verdict' || turn.name === 'refused';
	return (
		<>
			<StationHead policy={policy} counts={counts} isLoud={isLoud} onLoud={setLoud} isCovered={isOver}>
				{cameraCount > 1 && (
					<Switch isSelected={wantsTwo} onChange={setWantsTwo}>
						Two cameras
					</Switch>
				)}
			</StationHead>
			<div className="app-station__work" inert={isOver}>
				<section className="app-station__ask" aria-labelledby="station-scan">
					<h2 id="station-scan">1. Scan this with your wallet</h2>
					{requests.current ? (
						<QrFilm kind="presentation-request" text={requests.current.uri} label="QR code of the request" isPlain />
					) : (
						requests.error === undefined && (
							<p className="app-wait" role="status">
								<Spinner /> Making a request…
							</p>
						)
					)}
					<Problem title="No request can be made" error={requests.error} onRetry={next} />
					<Text size="sm" tone="muted">
						{policy.asks.join('; ')}
					</Text>
				</section>
				<section className="app-station__read" aria-labelledby="station-show">
					<h2 id="station-show">2. Show your answer here</h2>
					{cameras.map((camera) => (
						<CameraView
							key={camera}
							kinds={['presentation']}
							onText={(text) => void take(text)}
							aim="the film of codes on your screen"
							isPaused={turn.name !== 'waiting'}
							first={camera}
						>
							{turn.name === 'checking' ? 'Checking…' : hint}
						</CameraView>
					))}
				</section>
			</div>
			<StationTrustLine policy={policy} isCovered={isOver} />
			{isOver && <StationVerdict turn={turn} seconds={policy.resetSeconds} onNext={nextPerson} />}
		</>
	);
}

interface StationHeadProps {
	readonly policy: StationPolicy;
	readonly counts: { readonly accepted: number; readonly refused: number };
	readonly isLoud: boolean;
	readonly onLoud: (isLoud: boolean) => void;
	readonly isCovered: boolean;
	/** More switches. */
	readonly children?: ReactNode;
}

function StationHead({ policy, counts, isLoud, onLoud, isCovered, children }: StationHeadProps): ReactElement {
	const [isLeaving, setLeaving] = useState(false);
	return (
		<header className="app-station__head" inert={isCovered}>
			<h1>{policy.title}</h1>
			<p className="app-station__counts">
				Person {counts.accepted + counts.refused + 1}. So far {counts.accepted} accepted, {counts.refused} not.
			</p>
			<Inline gap={4}>
				{children}
				<Switch isSelected={isLoud} onChange={onLoud}>
					Sound
				</Switch>
				<Button onPress={() => setLeaving(true)}>End the station</Button>
			</Inline>
			<ConfirmDialog
				isOpen={isLeaving}
				title="End the station?"
				confirmLabel="End and lock"
				cancelLabel="Go on"
				onConfirm={() => void call('app.lock', {})}
				onCancel={() => setLeaving(false)}
			>
				The wallet locks, so that nobody in the queue gets further than this screen. Your passphrase opens it again.
			</ConfirmDialog>
		</header>
	);
}

const LOOK_AGAIN_MS = 30_000;

/** Whom the station can judge without a network, and how old that is. */
function StationTrustLine({ policy, isCovered }: { readonly policy: StationPolicy; readonly isCovered: boolean }): ReactElement {
	const trust = useQuery('station.trust', { refresh: false }, ['trust']);
	const [isAsking, setAsking] = useState(false);
	const { reload } = trust;
	useEffect(() => {
		const timer = setInterval(reload, LOOK_AGAIN_MS);
		return () => clearInterval(timer);
	}, [reload]);
	const words = trust.status === 'ready' ? trustWords(trust.value, policy.trustHours) : undefined;
	const refresh = async () => {
		setAsking(true);
		await call('station.trust', { refresh: true });
		setAsking(false);
		reload();
	};
	return (
		<footer className="app-station__foot" inert={isCovered} data-worry={words?.isWorry ?? false}>
			<p>{words?.text}</p>
			<Button size="small" isPending={isAsking} pendingLabel="Asking…" onPress={() => void refresh()}>
				Fetch keys and lists now
			</Button>
		</footer>
	);
}

interface StationVerdictProps {
	readonly turn: Extract<Turn, { name: 'verdict' | 'refused' }>;
	readonly seconds: number;
	readonly onNext: () => void;
}

/** The verdict over everything else, until it is the next person's turn: by itself, or when somebody presses the button. */
function StationVerdict({ turn, seconds, onNext }: StationVerdictProps): ReactElement {
	const [left, setLeft] = useState(seconds);
	useEffect(() => {
		const timer = setInterval(() => setLeft((old) => old - 1), 1000);
		return () => clearInterval(timer);
	}, []);
	useEffect(() => {
		if (left <= 0) onNext();
	}, [left, onNext]);
	const button = (
		<Inline justify="between" gap={4}>
			<Text tone="muted">Next person in {Math.max(0, left)} s</Text>
			<Button variant="primary" onPress={onNext} autoFocus>
				Next person
			</Button>
		</Inline>
	);
	if (turn.name === 'refused') {
		return (
			<div className="app-station__verdict">
				<VerdictPanel verdict="failed" title="Not accepted" reason={turn.why}>
					{button}
				</VerdictPanel>
			</div>
		);
	}
	const { verdict, statusAsOf } = turn;
	const shown = verdict.documents.flatMap((document) => claimItems(document.lines));
	const proven = verdict.documents.flatMap((document) => document.proven);
	return (
		<div className="app-station__verdict">
			<VerdictPanel
				verdict={verdictOf(verdict)}
				title={verdict.accepted ? 'Accepted' : 'Not accepted'}
				reason={verdict.sentence.replace(/^(Accepted|Not accepted)\. /, '')}
			>
				<Stack gap={4}>
					{proven.length > 0 && <Text>{proven.join('. ')}.</Text>}
					{shown.length > 0 && <KeyValueList items={shown} />}
					{statusAsOf !== null && <Text tone="muted">Withdrawn documents are known as of {formatMoment(statusAsOf)}.</Text>}
					{button}
				</Stack>
			</VerdictPanel>
		</div>
	);
}
