/** The browser's data worker: parsing, drawing and storing images, off the page's thread. */
import { prepareDigests } from '../../core/digest.ts'
import { openStore } from '../../store/index.ts'
import { serveData } from '../dataServer.ts'
import { dataService } from '../dataService.ts'
import { downloadService } from '../downloads.ts'
import { net } from './net.ts'
import { ownPort } from './own.ts'

const ready = prepareDigests()

serveData(
  ownPort(),
  openStore().then(async ({ datasets, downloads }) => {
    await ready
    return {
      ...dataService(datasets, () => Date.now()),
      ...downloadService(downloads, net)
    }
  })
)
