/** torch_step.py in a Python process: one JSON line each way. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Reply } from '../protocol.ts'
import type { Host } from './host.ts'

export const pythonHost = (python: string, script: string, cpu: boolean): Host => {
  const children: ChildProcess[] = []
  return {
    setup: common => common,
    async start() {
      const child = spawn(python, [script, ...(cpu ? ['--cpu'] : [])], { stdio: ['pipe', 'pipe', 'pipe'] })
      children.push(child)
      let said = ''
      let ended: string | undefined
      let settle: (reply: Reply) => void = () => {}
      child.stderr.on('data', text => (said = (said + text).slice(-500)))
      const end = (why: string) => settle({ error: (ended = why) })
      child.on('error', error => end(String(error)))
      child.on('exit', () => end(said.trim().split('\n').at(-1) || 'Python has ended'))
      child.stdin.on('error', () => {})
      createInterface(child.stdout).on('line', line => settle(JSON.parse(line) as Reply))
      return command =>
        new Promise(resolve => {
          settle = resolve
          if (ended) return resolve({ error: ended })
          child.stdin.write(JSON.stringify(command) + '\n')
        })
    },
    async close() {
      for (const child of children) child.kill('SIGKILL')
    }
  }
}
