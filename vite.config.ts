import { createHash } from 'node:crypto'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type Plugin } from 'vite'
import { serviceWorker } from './scripts/serviceWorker.ts'
import { hosts } from './src/data/hub/catalogue.ts'
import { locales } from './src/i18n/language.ts'
import { PREFIX } from './src/state/preferences.ts'

function replaceOnce(html: string, part: string, by: string): string {
  if (html.split(part).length !== 2) throw new Error(`index.html must have one ${part}`)
  return html.replace(part, by)
}

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
    return replaceOnce(html, own, [own, ...hosts].join(' '))
  }
}

/**
 * The page's texts come beside the page, not after it: index.html itself asks for those of the reader's language, by what
 * `firstLocale` goes by (a wrong guess costs a moment and nothing else). The policy lets this one script run, by its hash.
 */
const languageBesidePage: Plugin = {
  name: 'language-beside-page',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const pieces = Object.fromEntries(
        locales.map(locale => {
          const isPiece = (file: (typeof bundle)[string]) =>
            file.type === 'chunk' && file.facadeModuleId?.endsWith(`/src/i18n/${locale}.ts`)
          const piece = Object.values(bundle).find(isPiece)
          if (!piece) throw new Error(`${locale} must be a piece of its own`)
          return [locale, `./${piece.fileName}`]
        })
      )
      const script = `{
  const pieces = ${JSON.stringify(pieces)}
  const wanted = navigator.languages.map(language => language.toLowerCase().split('-')[0])
  try { wanted.unshift(localStorage.getItem('${PREFIX}locale')) } catch {}
  const href = pieces[wanted.find(locale => Object.hasOwn(pieces, locale)) ?? 'en']
  document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }))
}`
      const hash = createHash('sha256').update(script).digest('base64')
      const allowed = replaceOnce(html, "script-src 'self'", `script-src 'self' 'sha256-${hash}'`)
      // before the style, for which a script waits
      const page = '<script type="module"'
      return replaceOnce(allowed, page, `<script>${script}</script>\n    ${page}`)
    }
  }
}

export default defineConfig({
  // relative, so that the built site works from any sub-path of a plain file host
  base: './',
  plugins: [svelte(), hostsOfTheCatalogue, languageBesidePage, policyOnlyWhenBuilt, serviceWorker],
  worker: { format: 'es' },
  // the worker modules are imported by URL and split by backend: each is loaded when it is asked for
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 1500,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // what the page begins with in one piece, also what pieces that come later use of it: two pack worse than one
        codeSplitting: {
          groups: [
            {
              name: 'page',
              test: /src[\\/](ui[\\/]App|state[\\/]app|lessons[\\/]index|app)\.(svelte|css|ts|svelte\.ts)$/
            }
          ]
        }
      }
    }
  },
  preview: { port: 4173 },
  server: { port: 5173 }
})
