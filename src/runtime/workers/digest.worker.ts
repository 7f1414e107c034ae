/** The browser's thread for digests, started by the data worker. */
import { prepareDigests } from '../../core/digest.ts'
import { serveDigests } from '../digester.ts'
import { ownPort } from './own.ts'

void prepareDigests().then(() => serveDigests(ownPort()))
