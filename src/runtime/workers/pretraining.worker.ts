/** The browser's worker for self-supervised pretraining. */
import { openBrowserPretrainer } from '../../engine/browser.ts'
import { servePretraining } from '../pretraining/serve.ts'
import { hop, ownPort } from './own.ts'

servePretraining(ownPort(), { open: openBrowserPretrainer, now: () => performance.now(), hop })
