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

const same = (a: Notice, b: Notice) =>
  a.code === b.code && JSON.stringify(a.parameters ?? {}) === JSON.stringify(b.parameters ?? {})

export class Notices {
  list = $state.raw<readonly ShownNotice[]>([])
  #next = 0

  add(notice: Notice, level: ShownNotice['level'] = 'remark'): void {
    this.withdraw(notice)
    this.list = [...this.list, { ...notice, level, id: this.#next++ }].slice(-MOST)
  }

  /** It is no longer so. */
  withdraw(notice: Notice): void {
    this.list = this.list.filter(n => !same(n, notice))
  }

  /** `about`: parameters that whoever caught it knows besides, as the name of a file. */
  addError(error: unknown, about: Notice['parameters'] = {}): Notice {
    const { code, parameters } = noticeOf(error)
    const notice = { code, parameters: { ...parameters, ...about } }
    this.add(notice, 'error')
    return notice
  }

  /** Does what may fail; if it does, that is said. */
  async attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action()
    } catch (error) {
      this.addError(error)
    }
  }

  dismiss(id: number): void {
    this.list = this.list.filter(n => n.id !== id)
  }
}
