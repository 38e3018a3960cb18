// Builds the screens into dist/screens: one page per folder, shared pieces in /assets, nothing from any other origin.
// The store server serves the result as plain files, so every address is rooted at '/'.

import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const room = fileURLToPath(new URL('.', import.meta.url));
const page = (name: string) => fileURLToPath(new URL(`${name}/index.html`, import.meta.url));

export default defineConfig({
  root: room,
  base: '/',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../../dist/screens', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // A data: address for a picture would be lawful, one for the barcode reader's wasm would not: keep files as files.
    assetsInlineLimit: 0,
    // The barcode reader is large and loaded only when a camera is asked for.
    chunkSizeWarningLimit: 1_500,
    rollupOptions: { input: { till: page('till'), wallet: page('wallet') } },
  },
});
