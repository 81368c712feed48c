import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

function at(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
/** While developing, everything but the app itself comes from a running `npm start`. */
const STARTED = process.env.PARLEY_WEB_URL ?? 'http://localhost:8080';

/** For both pages, the app (`vite client/web`) and the console (`vite client/web/console`), and for their builds. */
export default defineConfig({
  plugins: [react()],
  resolve: {
    // The app uses the package by its name, as any other application would.
    alias: [
      { find: /^@parley\/client$/, replacement: at('../src/index.ts') },
      { find: /^@parley\/client\/react$/, replacement: at('../src/react.ts') },
    ],
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The policy would allow data URLs, but files can be cached.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/config.json': STARTED, '/token': STARTED, '/console': STARTED } },
});
