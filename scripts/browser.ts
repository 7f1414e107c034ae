/** Finds a Chromium-based browser for the tests; on Debian as root it installs one. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const places = [
  process.env.BROWSER_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
]

const find = () => places.find((path): path is string => !!path && existsSync(path))

/** Path of a browser; ends the process with one line of advice when there is none. */
export function findBrowser({ install = false } = {}): string {
  const found = find()
  if (found) return found
  if (install && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('no browser found: installing Debian’s chromium')
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      stdio: 'inherit'
    })
    const installed = find()
    if (installed) return installed
  }
  console.error(
    'The tests need Chromium, Chrome or Edge: install one (Debian: apt install chromium) or set BROWSER_PATH to its program.'
  )
  process.exit(1)
}
