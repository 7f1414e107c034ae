/** The browser's data worker: parsing, drawing and storing images, off the page's thread. */
import { openStore } from '../../store/index.ts'
import { dataService } from '../dataService.ts'
import type { DataAnswer, DataRequest } from '../dataProtocol.ts'
import { ownPort } from './own.ts'

const port = ownPort<DataAnswer, DataRequest>()
const service = openStore().then(store => dataService(store.datasets, () => Date.now()))

port.listen(async ({ number, call, arguments: values }) => {
  try {
    const calls = (await service) as unknown as Record<string, (...values: unknown[]) => Promise<unknown>>
    const value = await calls[call](...values)
    port.post({ number, value })
  } catch (error) {
    const { code = 'unexpected', parameters = { message: String((error as Error)?.message ?? error) } } =
      error as { code?: string; parameters?: Record<string, string | number> }
    port.post({ number, error: { code, parameters } })
  }
})
