import { join } from 'node:path';
import { toolScript } from '../bootstrap/paths.mjs';

/** The command line of electron-builder for the wallet, with this repository's configuration. */
export function builderCommand(root, args) {
	return [
		toolScript(root, 'electron-builder'),
		'--projectDir',
		join(root, 'apps', 'wallet'),
		'--config',
		join(root, 'electron-builder.yml'),
		'--publish',
		'never',
		...args,
	];
}
