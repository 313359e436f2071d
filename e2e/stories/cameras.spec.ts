import { look } from '../support/looks.ts';
import { expect, test } from '../support/test.ts';

test('several cameras: one is chosen, and a station looks through two', async ({ start }) => {
	const wallet = await start('cameras', [], ['--use-fake-device-for-media-stream=device-count=3']);
	await wallet.onboard();
	const main = wallet.page.getByRole('main');
	/** The device that a picture comes from. */
	const device = (index: number): Promise<string> =>
		main
			.locator('video')
			.nth(index)
			.evaluate((video: HTMLVideoElement) => (video.srcObject as MediaStream | null)?.getVideoTracks()[0]?.getSettings().deviceId ?? '');

	await wallet.go('Present');
	await wallet.press('Scan with the camera');
	await expect(wallet.page.getByRole('button', { name: /fake_device_0/ })).toBeVisible();
	const first = await device(0);
	await wallet.choose('Camera', /fake_device_1/);
	await expect.poll(() => device(0)).not.toBe(first);
	await expect.poll(() => device(0)).not.toBe('');
	// A camera of this kind has no light, and none is offered.
	await expect(wallet.page.getByRole('switch', { name: 'Light' })).toHaveCount(0);

	await wallet.ask('station.savePolicy', {
		title: 'Two lanes',
		purpose: null,
		request: { kind: 'preset', presetId: 'over-18' },
		verifierDid: null,
		encrypted: true,
		resetSeconds: 5,
		requestMinutes: 10,
		showClaims: false,
		trustHours: 24,
	});
	await wallet.go('Verify');
	await wallet.page.getByRole('tab', { name: 'Station' }).click();
	await wallet.press('Start the station: Two lanes');
	await expect(main.locator('video')).toHaveCount(1);
	await wallet.page.getByText('Two cameras', { exact: true }).click();
	await expect(main.locator('video')).toHaveCount(2);
	await expect.poll(async () => (await device(1)) !== '' && (await device(1)) !== (await device(0))).toBe(true);
	await look(wallet, '66-two-cameras');
	await wallet.page.getByText('Two cameras', { exact: true }).click();
	await expect(main.locator('video')).toHaveCount(1);
	expect(wallet.problems).toEqual([]);
});
