import { credentialFormats } from './index.ts';
import { credentialFormatSuite } from './suite.ts';

for (const format of credentialFormats) credentialFormatSuite(format);
