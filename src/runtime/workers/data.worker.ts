/** The browser's data worker: parsing, drawing and storing images, off the page's thread. */
import { openStore } from '../../store/index.ts'
import { serveData } from '../dataServer.ts'
import { dataService } from '../dataService.ts'
import { ownPort } from './own.ts'

serveData(
  ownPort(),
  openStore().then(store => dataService(store.datasets, () => Date.now()))
)
