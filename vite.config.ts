import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type Plugin } from 'vite'
import { hosts } from './src/data/hub/catalogue.ts'

/** The built page carries a strict policy in index.html; the dev server injects scripts and styles that it would refuse. */
const policyOnlyWhenBuilt: Plugin = {
  name: 'policy-only-when-built',
  apply: 'serve',
  transformIndexHtml: html => html.replace(/<meta[^>]+Content-Security-Policy[^>]+>/is, '')
}

/** The policy lets the page reach the hosts of the catalogue of data sets, and no others. */
const hostsOfTheCatalogue: Plugin = {
  name: 'hosts-of-the-catalogue',
  transformIndexHtml(html) {
    const own = "connect-src 'self'"
    if (html.split(own).length !== 2) throw new Error(`index.html must have one ${own} in its policy`)
    return html.replace(own, [own, ...hosts].join(' '))
  }
}

export default defineConfig({
  // relative, so that the built site works from any sub-path of a plain file host
  base: './',
  plugins: [svelte(), hostsOfTheCatalogue, policyOnlyWhenBuilt],
  worker: { format: 'es' },
  // the worker modules are imported by URL and split by backend: each is loaded when it is asked for
  build: { target: 'es2023', chunkSizeWarningLimit: 1500, modulePreload: { polyfill: false } },
  preview: { port: 4173 },
  server: { port: 5173 }
})
