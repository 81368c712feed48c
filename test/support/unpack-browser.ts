/** `node unpack-browser.ts <folder of the package>`: unpacks Chromium and what it needs into the temporary folder. */
import { join } from 'node:path';
import { inflate } from '@sparticuz/chromium';

const PARTS = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];

for (const part of PARTS) await inflate(join(process.argv[2] ?? '', 'bin', part));
