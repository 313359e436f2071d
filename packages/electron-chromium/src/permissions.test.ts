import { describe, expect, it } from 'vitest';
import { type FixtureApp, type FixtureOptions, startFixture } from '../test/driver.ts';

const FAKE_CAMERA = ['use-fake-device-for-media-stream'];

const withFixture = async (options: FixtureOptions, run: (app: FixtureApp) => Promise<void>): Promise<void> => {
	const app = await startFixture(options);
	try {
		await run(app);
	} finally {
		await app.stop();
	}
};

const camera = `navigator.mediaDevices.getUserMedia({ video: true }).then((s) => s.getVideoTracks().length, (e) => e.name)`;
const microphone = `navigator.mediaDevices.getUserMedia({ audio: true }).then((s) => s.getAudioTracks().length, (e) => e.name)`;
const geolocation = `new Promise((r) => navigator.geolocation.getCurrentPosition(() => r('found'), (e) => r(e.code)))`;
const state = (name: string): string => `navigator.permissions.query({ name: '${name}' }).then((s) => s.state)`;
const CLIPBOARD_READ = `navigator.clipboard.readText().then(() => 'read', (e) => e.name)`;

describe('permissions', () => {
	it('are denied by default', () =>
		withFixture({ switches: FAKE_CAMERA }, async (app) => {
			expect(await app.page(camera, true)).toBe('NotAllowedError');
			expect(await app.page(microphone, true)).toBe('NotAllowedError');
			expect(await app.page(geolocation, true)).toBe(1);
			expect(await app.page('Notification.requestPermission()', true)).toBe('denied');
			expect(await app.page(CLIPBOARD_READ, true)).toBe('NotAllowedError');
			for (const name of ['camera', 'microphone', 'geolocation', 'notifications', 'clipboard-read', 'midi'])
				expect([name, await app.page(state(name))]).toEqual([name, 'denied']);
		}));

	it('that the handlers grant are granted, and no others', () =>
		withFixture({ switches: FAKE_CAMERA, grant: ['media', 'notifications'] }, async (app) => {
			expect(await app.page(camera, true)).toBe(1);
			// The fixture grants video only.
			expect(await app.page(microphone, true)).toBe('NotAllowedError');
			expect(await app.page(state('notifications'))).toBe('granted');
			expect(await app.page(geolocation, true)).toBe(1);
			expect(await app.page(CLIPBOARD_READ, true)).toBe('NotAllowedError');
		}));

	it('of the page stay as they are when the main process uses the clipboard', () =>
		withFixture({}, async (app) => {
			await app.op('copy', { text: 'from main: "quoted" \u2028 ünï' });
			expect(await app.op('paste')).toBe('from main: "quoted" \u2028 ünï');
			expect(await app.page(CLIPBOARD_READ, true)).toBe('NotAllowedError');
			expect(await app.page(state('clipboard-read'))).toBe('denied');
			expect(await app.op('windows')).toBe(1);
		}));
});
