import { scenarios } from '@holdfast/testkit';
import { test } from '../support/test.ts';
import { PASSPHRASE } from '../support/wallet.ts';

// The behavioural suite that the service and the command line pass too, here through the window: page, preload, main
// and vault process, with the shell's own transport between them.

for (const format of ['dc+sd-jwt', 'jwt_vc_json'] as const) {
	test(`the shared suite through the window, with ${format}`, async ({ start }) => {
		test.setTimeout(240_000);
		const [authority, holder] = await Promise.all([start('authority'), start('holder')]);
		for (const scenario of scenarios) {
			await test.step(scenario.name, async () => {
				for (const wallet of [authority, holder]) await wallet.ask('vault.create', { passphrase: PASSPHRASE });
				await scenario.run({ authority: authority.actor, holder: holder.actor }, format);
				for (const wallet of [authority, holder]) {
					await wallet.ask('vault.delete', { passphrase: PASSPHRASE });
					await wallet.page.reload();
					await wallet.ready();
				}
			});
		}
	});
}
