import { Buffer } from 'node:buffer';
import { join } from 'node:path';
import { type Anvil, deployContract, sendToContract, startAnvil } from '@holdfast/devchain';
import { systemRandom } from '@holdfast/kernel';
import { ADA_ID, type Outsider, outsider, signFor } from '@holdfast/testkit';
import { FakeCamera } from '../support/camera.ts';
import { lists } from '../support/holding.ts';
import { look } from '../support/looks.ts';
import { watchSockets } from '../support/sockets.ts';
import { expect, test } from '../support/test.ts';
import { Wallet } from '../support/wallet.ts';

let anvil: Anvil;
test.beforeAll(async () => {
	anvil = await startAnvil();
});
test.afterAll(() => anvil.stop());

/** A document of an office that has no Holdfast, for a DID of this wallet: an SD-JWT with key binding. */
async function give(holder: Wallet, office: Outsider): Promise<void> {
	const { did } = await holder.ask('dids.create', { method: 'did:jwk' });
	const self = await holder.ask('dids.resolve', { did });
	const jwk = (self.document as { verificationMethod: { publicKeyJwk: Outsider['signer']['publicJwk'] }[] }).verificationMethod[0]?.publicKeyJwk;
	if (!jwk) throw new Error('no key');
	const issuedAt = Math.floor(Date.now() / 1000) - 60;
	const holderKey = { did, signer: { ...office.signer, publicJwk: jwk } };
	await holder.actor.receive(await signFor(office, { format: 'dc+sd-jwt', type: 'urn:eudi:pid:1', claims: ADA_ID, holder: holderKey, issuedAt }, systemRandom));
}

/** The holder photographs the station's screen, frame by frame, and brings the pictures. */
async function readRequest(holder: Wallet, door: Wallet): Promise<void> {
	await holder.go('Present');
	const code = door.page.getByRole('img', { name: 'QR code of the request' });
	const review = holder.heading('Review the request');
	for (let turn = 0; turn < 40 && !(await review.isVisible()); turn++) {
		// With the last frame the place for pictures is gone.
		const place = holder.page.locator('input[type=file]');
		await place.setInputFiles(Wallet.picture(await code.screenshot()), { timeout: 2000 }).catch(() => undefined);
		await holder.page.waitForTimeout(100);
	}
	await expect(review).toBeVisible();
}

test('the door: an answer by film, turned, at half size and with three frames of ten lost, and no network', async ({ start, folder }) => {
	test.setTimeout(180_000);
	const [camera, holderCamera] = [new FakeCamera(join(folder, 'door.y4m')), new FakeCamera(join(folder, 'holder.y4m'))];
	const [holder, door] = await Promise.all([start('holder', [], holderCamera.switches), start('door', [], camera.switches)]);
	await Promise.all([holder.onboard(), door.onboard()]);
	const office = outsider(systemRandom);
	await give(holder, office);
	await door.ask('trust.add', { issuer: office.did, name: 'Office of Examples' });

	const registry = await door.ask('dids.create', { method: 'did:jwk', alias: 'Registry' });
	const how = { encrypted: true, resetSeconds: 30, requestMinutes: 15, showClaims: false, trustHours: 24 };
	await test.step('a policy, made with the form that requests are made with', async () => {
		await door.go('Verify');
		await door.page.getByRole('tab', { name: 'Station' }).click();
		await door.press('Make a policy');
		await door.field('Name of the policy').fill('Members only');
		await door.page.getByRole('tab', { name: 'Choose claims' }).click();
		await door.choose('Document', /Identity .PID./);
		await door.page.getByRole('group', { name: 'Claims' }).getByText('Family name', { exact: true }).click();
		await door.field('Seconds that a verdict stands').fill('2');
		await look(door, '59-policy');
		await door.press('Keep policy');
		await door.page.getByRole('tab', { name: 'Station' }).click();
	});

	await test.step('a policy of the office, as a signed file: read, then kept; one that was changed is refused', async () => {
		const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
		const kid = office.signer.kid ?? `${office.did}#0`;
		const policy = { ...how, title: 'Over 18 at all doors', purpose: 'The law wants it', request: { kind: 'preset', presetId: 'over-18' } };
		const input = `${part({ alg: office.signer.alg, typ: 'org.holdfast.station-policy+jwt', kid })}.${part({ iss: office.did, iat: Math.floor(Date.now() / 1000), policy })}`;
		const signature = Buffer.from(await office.signer.sign(Buffer.from(input))).toString('base64url');
		const file = (text: string) => ({ name: 'policy.jwt', mimeType: 'application/jwt', buffer: Buffer.from(text) });
		await door.press('Import a policy');
		await door.page.locator('input[type=file]').setInputFiles(file(`${input}x.${signature}`));
		await expect(door.page.getByText('The policy was not opened')).toBeVisible();
		await door.page.locator('input[type=file]').setInputFiles(file(`${input}.${signature}`));
		await expect(door.heading('Review the policy')).toBeVisible();
		await expect(door.page.getByRole('main')).toContainText('that the holder is over 18, and nothing else');
		await expect(door.page.getByRole('main')).toContainText('Office of Examples');
		await look(door, '57-policy-file');
		await door.press('Keep policy');
		await door.page.getByRole('tab', { name: 'Station' }).click();
		await expect(door.button('Start the station: Over 18 at all doors')).toBeVisible();
		await door.press('Export Over 18 at all doors');
		const dialog = door.page.getByRole('alertdialog', { name: 'Export “Over 18 at all doors”?' });
		await expect(dialog).toContainText('Nothing about anybody who came is in it');
		await expect(dialog.getByRole('button', { name: 'Choose a folder' })).toBeDisabled();
		await door.choose('Sign as', /Registry/);
		await expect(dialog.getByRole('button', { name: 'Choose a folder' })).toBeEnabled();
		await look(door, '58-policy-export');
		await dialog.getByRole('button', { name: 'Cancel' }).click();
		await door.press('Start the station: Members only');
		await expect(door.heading('Members only')).toBeVisible();
	});

	const watch = watchSockets([await holder.app.vaultPid(), await door.app.vaultPid()]);
	const times: number[] = [];
	let film: Parameters<FakeCamera['show']>[0] = [];
	for (const person of [1, 2]) {
		await test.step(`person ${person}`, async () => {
			await readRequest(holder, door);
			await holder.press('Show');
			await expect(holder.heading('Show this')).toBeVisible();
			const code = holder.page.getByRole('img', { name: 'Film of QR codes with your answer' });
			const accepted = door.page.getByRole('heading', { name: 'Accepted', exact: true });
			const began = performance.now();
			film = await camera.watch(holder, code, { frames: 30, lost: 0.3, angle: 15, scale: 0.5 }, accepted);
			times.push(performance.now() - began);
			camera.showNothing();
			if (person === 1) await look(holder, '63-film');
			await holder.press('They have it');
			// By itself it is the next person's turn.
			await expect(door.page.getByText(`Person ${person + 1}. So far ${person} accepted, 0 not.`)).toBeVisible();
			await expect(door.page.getByRole('heading', { name: 'Accepted', exact: true })).toHaveCount(0);
		});
	}
	process.stdout.write(`the door by camera, filming included: ${times.map((each) => `${Math.round(each)} ms`).join(', ')}\n`);
	expect(watch.stop(), 'sockets that were opened').toBe(0);

	await test.step('the log says that the policy was met, and nothing about whom', async () => {
		const log = await door.ask('activity.list', { limit: 20, kind: 'verified' });
		expect(log.map((entry) => entry.title)).toEqual(['Station “Members only”: accepted', 'Station “Members only”: accepted']);
		expect(JSON.stringify(log)).not.toMatch(/Ada|Byron/);
	});

	await test.step('nobody leaves the station without a question, and behind it the wallet is locked', async () => {
		await look(door, '60-station');
		await door.press('End the station');
		const dialog = door.page.getByRole('alertdialog');
		await expect(dialog).toBeVisible();
		await door.page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
		await door.press('End the station');
		await door.press('End and lock');
		await expect(door.heading('Unlock your wallet')).toBeVisible();
	});

	await test.step('an answer of before the lock is refused, and the keyboard goes on', async () => {
		await door.unlock();
		await expect(door.page.getByRole('navigation')).toBeVisible();
		const [policy] = await door.ask('station.policies', {});
		if (!policy) throw new Error('the policy is gone');
		const { asks: _asks, createdAt: _createdAt, ...kept } = policy;
		await door.ask('station.savePolicy', { ...kept, resetSeconds: 60 });
		await door.go('Verify');
		await door.page.getByRole('tab', { name: 'Station' }).click();
		await door.press('Start the station: Members only');
		camera.show(film);
		await expect(door.page.getByText('This answers no request of this station.', { exact: false })).toBeVisible({ timeout: 20_000 });
		await look(door, '62-verdict');
		await door.page.keyboard.press('Enter');
		await expect(door.page.getByText('Person 2. So far 0 accepted, 1 not.')).toBeVisible();
		await expect(door.page.getByText('This answers no request of this station.', { exact: false })).toHaveCount(0);
	});

	// The camera has seen the last person's film until now.
	camera.showNothing();
	const startStation = async (policy: Parameters<typeof door.ask<'station.savePolicy'>>[1]): Promise<void> => {
		await door.press('End the station');
		await door.press('End and lock');
		await door.unlock();
		await expect(door.page.getByRole('navigation')).toBeVisible();
		await door.ask('station.savePolicy', policy);
		await door.go('Verify');
		await door.page.getByRole('tab', { name: 'Station' }).click();
		await door.press(`Start the station: ${policy.title}`);
	};
	const asked = { ...how, purpose: null, verifierDid: null };

	await test.step('somebody proves that they are over 18, and shows no birth date', async () => {
		await startStation({ ...asked, title: 'Adults', request: { kind: 'preset', presetId: 'over-18' } });
		await door.actor.serve('issuer');
		await holder.actor.receive((await door.actor.offer({ typeId: 'eudi-pid', format: 'dc+sd-jwt', issuerDid: registry.did, claims: ADA_ID })).uri);
		await door.ask('services.stop', { kind: 'issuer' });
		const offline = watchSockets([await holder.app.vaultPid(), await door.app.vaultPid()]);
		await readRequest(holder, door);
		expect((await lists(holder)).learn).toEqual(['Over 18']);
		await holder.press('Show');
		await expect(holder.heading('Show this')).toBeVisible();
		const began = performance.now();
		const accepted = door.page.getByRole('heading', { name: 'Accepted', exact: true });
		await camera.watch(
			holder,
			holder.page.getByRole('img', { name: 'Film of QR codes with your answer' }),
			{ frames: 42, lost: 0.3, angle: 15, scale: 0.5 },
			accepted,
		);
		process.stdout.write(`a proof of age by camera, filming included: ${Math.round(performance.now() - began)} ms\n`);
		camera.showNothing();
		await expect(door.page.getByText('Over 18: Yes.')).toBeVisible();
		await expect(door.page.getByText(/development setup/)).toBeVisible();
		await look(door, '64-station-proof', 'station');
		await door.press('Next person');
		await holder.press('They have it');
		expect(offline.stop(), 'sockets that were opened').toBe(0);
	});

	await test.step('somebody proves that they own a token of a collection: which and whose stays off the screen', async () => {
		const contract = await deployContract(anvil, 'PlainCollection');
		const network = { chainId: 31337, name: 'Local', rpcUrl: anvil.rpcUrl, ethrRegistry: null };
		await Promise.all([door.ask('networks.save', network), holder.ask('networks.save', network)]);
		const { account } = await holder.ask('assets.add', { chainId: 31337, contract });
		await sendToContract(anvil, 'PlainCollection', contract, 'mint', account, 12);
		await anvil.mine(70);
		// In the clear the film is half as long: what is sealed cannot be packed any more.
		await startStation({
			...asked,
			encrypted: false,
			title: 'Owners',
			request: { kind: 'ownership', chainId: 31337, contract, standard: 'erc721', tokenId: null },
		});
		await readRequest(holder, door);
		expect((await lists(holder)).learn).toEqual(['Token', 'Address']);
		await holder.press('Show');
		await expect(holder.heading('Show this')).toBeVisible();
		// The longest of all answers, at the usual size of its codes.
		const began = performance.now();
		const accepted = door.page.getByRole('heading', { name: 'Accepted', exact: true });
		await camera.watch(
			holder,
			holder.page.getByRole('img', { name: 'Film of QR codes with your answer' }),
			{ frames: 52, lost: 0.3, angle: 15, scale: 0.5 },
			accepted,
		);
		process.stdout.write(`a proof of ownership by camera, filming included: ${Math.round(performance.now() - began)} ms\n`);
		camera.showNothing();
		await expect(door.page.getByRole('alert').or(door.page.getByRole('main'))).not.toContainText(account);
		await look(door, '65-station-token');
		await door.press('Next person');
		await holder.press('They have it');
	});

	await test.step('without a station: one request of the form, answered by codes, kept with its verdict', async () => {
		await door.press('End the station');
		await door.press('End and lock');
		await door.unlock();
		await expect(door.page.getByRole('navigation')).toBeVisible();
		await door.go('Verify');
		await door.press('Ask for a document');
		await door.page.getByRole('tab', { name: 'Choose claims' }).click();
		await door.choose('Document', /Identity .PID./);
		await door.page.getByRole('group', { name: 'Claims' }).getByText('Given name', { exact: true }).click();
		await door.page.getByText('By QR codes', { exact: true }).click();
		await expect(door.page.getByRole('radio', { name: /By QR codes/ })).toBeChecked();
		await door.press('Continue');
		await door.press('Approve');
		// This time the holder has a camera, too.
		await holder.go('Present');
		await holder.press('Scan with the camera');
		const asked = door.page.getByRole('img', { name: 'QR code of the request' });
		await holderCamera.watch(door, asked, { frames: 14, lost: 0.3, angle: 10, scale: 0.8 }, holder.heading('Review the request'));
		await holder.press('Show');
		const code = holder.page.getByRole('img', { name: 'Film of QR codes with your answer' });
		await door.press('Start the camera');
		const verified = door.page.getByRole('heading', { name: 'Verified', exact: true });
		await camera.watch(holder, code, { frames: 30, lost: 0.3, angle: -15, scale: 0.5 }, verified);
		await expect(door.page.getByText('Ada Marguerite', { exact: true })).toBeVisible();
	});
	expect([...holder.problems, ...door.problems]).toEqual([]);
});
