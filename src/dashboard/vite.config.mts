import { defineConfig } from 'vite';

// While developing, the API answers from a host of its own: `healthgrains demo`, or another named by HEALTHGRAINS_URL.
declare const process: { env: Record<string, string | undefined> };
const host = process.env['HEALTHGRAINS_URL'] ?? 'http://127.0.0.1:5080';

// What the server sends with every page: a preview that works has broken none of it.
const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "font-src 'self'",
  "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
].join('; ');
const proxy = { '/v1': host, '/health': host, '/openapi': host };

export default defineConfig({
  server: { port: 5173, strictPort: true, proxy },
  preview: { port: 5174, strictPort: true, proxy, headers: { 'Content-Security-Policy': policy } },
  // The content-security policy lets nothing inline through: no data: styles or fonts, no polyfill script in the page.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2022' },
});
