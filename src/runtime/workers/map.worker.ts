/** The browser's worker for one map: called off by ending it. */
import type { FromMapper, ToMapper } from '../maps/protocol.ts'
import { arrange } from '../maps/umap.ts'
import { ownPort } from './own.ts'

const port = ownPort<FromMapper, ToMapper>()

/** Steps between two messages. */
const TOLD_EVERY = 10

port.listen(({ values, size }) => {
  const positions = arrange(values, size, (done, total) => {
    if (done % TOLD_EVERY === 0) port.post({ type: 'progress', done, total })
  })
  port.post({ type: 'done', positions })
})
