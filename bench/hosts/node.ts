/** Each in a Node process of its own: this very program, called with `--serve name`. */
import { fork, type ChildProcess } from 'node:child_process'
import type { ContenderName } from '../contender.ts'
import type { Command, Reply } from '../protocol.ts'
import { participant } from '../serve.ts'
import { installDawn } from './dawn.ts'
import type { Host } from './host.ts'

export const nodeHost = (): Host => {
  const children: ChildProcess[] = []
  return {
    setup: common => common,
    async start(name) {
      const child = fork(process.argv[1], ['--serve', name], { serialization: 'json' })
      children.push(child)
      let settle: (reply: Reply) => void = () => {}
      child.on('message', reply => settle(reply as Reply))
      child.on('exit', code => settle({ error: `the process ended with code ${code}` }))
      return command =>
        new Promise(resolve => {
          settle = resolve
          if (!child.connected) return resolve({ error: 'the process has ended' })
          child.send(command)
        })
    },
    async close() {
      for (const child of children) child.kill('SIGKILL')
    }
  }
}

/** What `--serve name` does. */
export function serveProcess(name: string): void {
  const ask = participant(name as ContenderName, async command => {
    if (command.do === 'open' && command.setup.dawn) installDawn(command.setup.dawn)
  })
  process.on('message', command => {
    void ask(command as Command).then(reply => process.send!(reply))
  })
  process.on('disconnect', () => process.exit(0))
}
