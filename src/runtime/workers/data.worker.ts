/** The browser's data worker: parsing, drawing and storing images, off the page's thread. */
import { prepareDigests } from '../../core/digest.ts'
import { openStore } from '../../store/index.ts'
import { startWorker } from '../client/workers.ts'
import { serveData } from '../dataServer.ts'
import { dataService } from '../dataService.ts'
import { digesterApart, type DigestAnswer, type DigestRequest } from '../digester.ts'
import { downloadService } from '../downloads.ts'
import digestWorkerUrl from './digest.worker.ts?worker&url'
import { net } from './net.ts'
import { ownPort } from './own.ts'

const ready = prepareDigests()
const digester = digesterApart(() => startWorker<DigestRequest, DigestAnswer>(digestWorkerUrl, 'digest'))

serveData(
  ownPort(),
  openStore(digester).then(async ({ datasets, downloads }) => {
    await ready
    return {
      ...dataService(datasets, () => Date.now(), digester),
      ...downloadService(downloads, net)
    }
  })
)
