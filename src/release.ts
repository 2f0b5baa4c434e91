import { createRequire } from 'node:module';

/** The release of this code: the version of the package that it lies in, here and in `dist/`. */
export const RELEASE: string = createRequire(import.meta.url)('keyturn/package.json').version;
