/** What axe finds wrong with a page, as it is now. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export async function violations(page: Page): Promise<string[]> {
  // through the debugger: the page's own policy would not let the script in
  await page.evaluate(axe)
  const found: { id: string; nodes: { target: string[] }[] }[] = await page.evaluate(
    'axe.run(document).then(r => r.violations)'
  )
  return found.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).join(', ')}`)
}
