import { defineConfig } from 'vite';

// While developing, the API answers from a host of its own: `healthgrains demo`, or another named by HEALTHGRAINS_URL.
declare const process: { env: Record<string, string | undefined> };
const host = process.env['HEALTHGRAINS_URL'] ?? 'http://127.0.0.1:5080';

export default defineConfig({
  server: { port: 5173, strictPort: true, proxy: { '/v1': host, '/health': host } },
  // The content-security policy lets nothing inline through: no data: styles or fonts, no polyfill script in the page.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2022' },
});
