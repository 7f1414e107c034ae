import type { Ask, Setup } from '../protocol.ts'

/** Where those who take part live: processes of Node, workers of a page, Python. */
export interface Host {
  /** Starts one; the setup's addresses are the host's business. */
  start(name: string): Promise<Ask>
  /** what to tell those who live here */
  setup(common: Setup): Setup
  close(): Promise<void>
}
