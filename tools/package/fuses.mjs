import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** What every build must carry, by the names of @electron/fuses. */
export const WANTED_FUSES = {
	RunAsNode: false,
	EnableCookieEncryption: true,
	EnableNodeOptionsEnvironmentVariable: false,
	EnableNodeCliInspectArguments: false,
	EnableEmbeddedAsarIntegrityValidation: true,
	OnlyLoadAppFromAsar: true,
	LoadBrowserProcessSpecificV8Snapshot: false,
	GrantFileProtocolExtraPrivileges: false,
	WasmTrapHandlers: true,
};

/** Marks the fuses inside Electron's program; @electron/fuses looks for it. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** The bytes of a program that is nothing but Electron's fuses, as they leave the factory: what a packaging check can flip. */
export function factoryFuseWire() {
	const factory = {
		RunAsNode: '1',
		EnableNodeOptionsEnvironmentVariable: '1',
		EnableNodeCliInspectArguments: '1',
		GrantFileProtocolExtraPrivileges: '1',
		WasmTrapHandlers: '1',
	};
	const names = Object.keys(WANTED_FUSES).sort((a, b) => FuseV1Options[a] - FuseV1Options[b]);
	const states = names.map((name) => factory[name] ?? '0').join('');
	return Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, names.length]), Buffer.from(states)]);
}

/** Reads a program's fuses back; returns one sentence for each that is not as wanted. */
export async function fuseProblems(program) {
	const wire = await getCurrentFuseWire(program);
	return Object.entries(WANTED_FUSES)
		.filter(([name, wanted]) => wire[FuseV1Options[name]] !== (wanted ? FuseState.ENABLE : FuseState.DISABLE))
		.map(([name, wanted]) => `The fuse ${name} must be ${wanted ? 'on' : 'off'} and is ${FuseState[wire[FuseV1Options[name]]] ?? 'missing'}.`);
}
