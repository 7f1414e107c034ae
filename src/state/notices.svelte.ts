/** What the user has to be told, newest last. The same notice twice is one notice. */
import { ExchangeError } from '../core/exchange/errors.ts'
import type { Notice } from '../runtime/client/types.ts'

export interface ShownNotice extends Notice {
  id: number
  /** an error stays until it is dismissed; a remark may be taken away by what comes next */
  level: 'error' | 'remark'
}

const MOST = 3

/** Errors with a code say what they are; anything else is `unexpected`, with its text for whoever reports it. */
export function noticeOf(error: unknown): Notice {
  if (error instanceof ExchangeError) {
    const { code, field, parameters } = error
    return { code: `exchange.${code}`, parameters: { field, ...parameters } }
  }
  const { code, parameters } = (error ?? {}) as { code?: unknown; parameters?: Notice['parameters'] }
  if (typeof code === 'string') return { code, parameters }
  return { code: 'unexpected', parameters: { message: String(error) } }
}

export class Notices {
  list = $state.raw<readonly ShownNotice[]>([])
  #next = 0

  add(notice: Notice, level: ShownNotice['level'] = 'remark'): void {
    const same = (n: Notice) =>
      n.code === notice.code && JSON.stringify(n.parameters ?? {}) === JSON.stringify(notice.parameters ?? {})
    this.list = [...this.list.filter(n => !same(n)), { ...notice, level, id: this.#next++ }].slice(-MOST)
  }

  /** `about`: parameters that whoever caught it knows besides, as the name of a file. */
  addError(error: unknown, about: Notice['parameters'] = {}): void {
    const { code, parameters } = noticeOf(error)
    this.add({ code, parameters: { ...parameters, ...about } }, 'error')
  }

  dismiss(id: number): void {
    this.list = this.list.filter(n => n.id !== id)
  }
}
