import { defineConfig } from 'vite';

/** Where `vite dev` finds the API; in production the dashboard serves both. */
const DEV_API_ORIGIN = 'http://127.0.0.1:8080';

const config = defineConfig({
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // The page's content security policy allows files of our own only, so nothing is inlined as a data URL.
    assetsInlineLimit: 0,
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': DEV_API_ORIGIN } },
});

// Vite reads the default export of its configuration file; no other file of the project has one.
export default config;
