import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type Plugin } from 'vite'

/** The built page carries a strict policy in index.html; the dev server injects scripts and styles that it would refuse. */
const policyOnlyWhenBuilt: Plugin = {
  name: 'policy-only-when-built',
  apply: 'serve',
  transformIndexHtml: html => html.replace(/<meta[^>]+Content-Security-Policy[^>]+>/is, '')
}

export default defineConfig({
  // relative, so that the built site works from any sub-path of a plain file host
  base: './',
  plugins: [svelte(), policyOnlyWhenBuilt],
  worker: { format: 'es' },
  // the worker modules are imported by URL and split by backend: each is loaded when it is asked for
  build: { target: 'es2023', chunkSizeWarningLimit: 1500, modulePreload: { polyfill: false } },
  preview: { port: 4173 },
  server: { port: 5173 }
})
