import { join } from 'node:path';

export const REPOSITORY: string = join(import.meta.dirname, '../..');
/** What a shell is started on: package.json, and out/ once it is built. */
export const APP_FOLDER: string = join(REPOSITORY, 'apps/wallet');
