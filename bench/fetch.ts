/** What is compared with, or runs WebGPU in Node, and is no dependency: fetched by npm into a folder of its own. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PACKAGES = ['webgpu@0.6.2', '@jax-js/jax@0.1.25']

/** Throws if npm cannot fetch them. */
export function fetchPeers(cache: string): void {
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, 'package.json'), '{ "private": true }')
  console.log(`fetching ${PACKAGES.join(', ')} into ${cache}`)
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--save-exact', ...PACKAGES], {
    cwd: cache,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32'
  })
  if (status !== 0) throw new Error(`npm could not fetch them (${status})`)
}

const there = (path: string) => (existsSync(path) ? path : undefined)

/** The same in a folder that --bundle wrote. */
export const carriedAlong = (folder: string) => ({
  dawn: there(join(folder, 'dawn.node')),
  jax: there(join(folder, 'jax', 'index.js'))
})

/** Paths of what has been fetched: the native module for this platform, jax-js's entry. */
export function fetched(cache: string): { dawn?: string; jax?: string } {
  const platform = process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`
  return {
    dawn: there(join(cache, 'node_modules', 'webgpu', 'dist', platform, 'dawn.node')),
    jax: there(join(cache, 'node_modules', '@jax-js', 'jax', 'dist', 'index.js'))
  }
}
