import type { Buffer } from 'node:buffer';
import { look } from '../support/looks.ts';
import { pdfOf } from '../support/pdf.ts';
import { expect, test } from '../support/test.ts';

test('codes from several cameras and from a PDF; a station looks through two cameras', async ({ start }) => {
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
	await test.step('a camera that is not there yet starts by itself when it is', async () => {
		await wallet.page.evaluate(() => {
			const { mediaDevices } = navigator;
			const real = mediaDevices.getUserMedia;
			mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'));
			addEventListener('plugged-in', () => {
				mediaDevices.getUserMedia = real;
				mediaDevices.dispatchEvent(new Event('devicechange'));
			});
		});
		await wallet.press('Scan with the camera');
		await expect(main).toContainText('No camera was found. Connect one, and it starts by itself');
		await wallet.page.evaluate(() => dispatchEvent(new Event('plugged-in')));
	});
	await expect(wallet.page.getByRole('button', { name: /fake_device_0/ })).toBeVisible();
	const first = await device(0);
	await wallet.choose('Camera', /fake_device_1/);
	await expect.poll(() => device(0)).not.toBe(first);
	await expect.poll(() => device(0)).not.toBe('');
	// A camera of this kind has no light, and none is offered.
	await expect(wallet.page.getByRole('switch', { name: 'Light' })).toHaveCount(0);

	await test.step('codes on the pages of a PDF; what is none is said', async () => {
		await wallet.press('Stop the camera');
		const place = wallet.page.locator('input[type=file]');
		const bring = (buffer: Buffer) => place.setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer });
		// A script of the file's own that would run where somebody runs such things.
		const script = '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>';
		await bring(pdfOf([[], ['WIFI:T:WPA;S:harbour;P:x;;', 'https://example.org/a']], script));
		await expect(main).toContainText('There are several codes in it');
		await expect(wallet.page.getByRole('list', { name: 'Codes that were found' }).getByRole('listitem')).toHaveCount(2);
		await look(wallet, '67-pdf');
		await bring(pdfOf([[], []]));
		await expect(main).toContainText('No QR code was found on its pages.');
		await bring(pdfOf([['a']]).subarray(0, 60));
		await expect(main).toContainText('could not be read as a PDF');
		await bring(pdfOf([[], ['https://example.org/only']]));
		await expect(wallet.page.getByRole('textbox').first()).toHaveValue('https://example.org/only');
	});

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
