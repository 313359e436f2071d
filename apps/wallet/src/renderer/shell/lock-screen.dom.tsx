import type { LockReason } from '@holdfast/contract';
import type { ErrorInfo } from '@holdfast/kernel';
import { Banner, Button, PasswordField, Stack } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useEffect, useState } from 'react';
import { useAction } from './calls.dom.ts';
import { Problem } from './feedback.dom.tsx';
import { formatSpan } from './format.ts';
import { CenteredScreen } from './screen.dom.tsx';

const REASONS: { readonly [reason in LockReason]: string | null } = {
	user: null,
	idle: 'The wallet locked itself because nobody used it for a while.',
	suspend: 'The wallet locked itself when the computer went to sleep.',
	crashed: 'The part of Holdfast that keeps your keys stopped, so the wallet locked itself. Nothing that was saved is lost.',
};

/** Milliseconds to wait that an error asks for. */
const retryAfter = (error: ErrorInfo): number => {
	const wait = error.data.retryAfterMs;
	return typeof wait === 'number' && Number.isFinite(wait) && wait > 0 ? wait : 0;
};

/** Milliseconds left until `deadline`, counted down while there are any. */
function useCountdown(deadline: number): number {
	const [now, setNow] = useState(() => Date.now());
	const left = Math.max(0, deadline - now);
	const isCounting = left > 0;
	useEffect(() => {
		setNow(Date.now());
		if (deadline <= Date.now()) return undefined;
		const timer = setInterval(() => {
			setNow(Date.now());
			if (deadline <= Date.now()) clearInterval(timer);
		}, 250);
		return () => clearInterval(timer);
	}, [deadline]);
	return isCounting ? left : 0;
}

export interface LockScreenProps {
	readonly reason: LockReason | null;
	/** Milliseconds to wait from earlier wrong passphrases. */
	readonly retryAfterMs: number;
	readonly onUnlocked: () => void;
}

/** Asks for the passphrase. */
export function LockScreen({ reason, retryAfterMs, onUnlocked }: LockScreenProps): ReactElement {
	const [passphrase, setPassphrase] = useState('');
	const [deadline, setDeadline] = useState(() => Date.now() + retryAfterMs);
	const unlock = useAction('vault.unlock');
	const left = useCountdown(deadline);
	const words = reason === null ? null : REASONS[reason];

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (passphrase === '' || left > 0 || unlock.pending) return;
		const result = await unlock.run({ passphrase });
		setPassphrase('');
		if (result.ok) onUnlocked();
		else setDeadline(Date.now() + retryAfter(result.error));
	};

	const isWrong = unlock.error?.code === 'vault/wrong-passphrase' || unlock.error?.code === 'vault/locked-out';
	return (
		<CenteredScreen title="Unlock your wallet" eyebrow="Holdfast" width="26rem">
			<Stack gap={5}>
				{words && <Banner tone={reason === 'crashed' ? 'caution' : 'info'}>{words}</Banner>}
				<form onSubmit={(event) => void submit(event)}>
					<Stack gap={4}>
						<PasswordField label="Passphrase" value={passphrase} onChange={setPassphrase} autoFocus error={isWrong ? unlock.error?.message : undefined} />
						{!isWrong && <Problem error={unlock.error} />}
						<p className="app-wait" role="status">
							{left > 0 && `You can try again in ${formatSpan(left)}.`}
						</p>
						<Button
							type="submit"
							variant="primary"
							size="large"
							isWide
							isPending={unlock.pending}
							pendingLabel="Unlocking…"
							isDisabled={passphrase === '' || left > 0}
						>
							Unlock
						</Button>
					</Stack>
				</form>
			</Stack>
		</CenteredScreen>
	);
}
