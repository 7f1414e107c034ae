/** A thread starts as plain JavaScript: teach it TypeScript, then go on with the real module. */
import { register } from 'tsx/esm/api'

register()
await import('./engineThread.ts')
