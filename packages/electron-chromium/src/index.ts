export { ALLOWED_ELECTRON_NAMES, type AllowedElectronName } from './allowed-names.ts';
export { ChromiumMissingError, findChromium } from './chromium.node.ts';
export { distPath, type LaunchOptions, launch } from './launch.node.ts';
