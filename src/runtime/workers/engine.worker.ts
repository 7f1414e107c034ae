/** The browser's training worker: one engine, served on the worker's own message port. */
import { openBrowserEngine } from '../../engine/browser.ts'
import { serveEngine } from '../serve.ts'
import { hop, ownPort } from './own.ts'

serveEngine(ownPort(), { open: openBrowserEngine, now: () => performance.now(), hop })
