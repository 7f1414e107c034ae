/** Paints the page as soon as its texts are there, then brings in the sample, the link in the address, and the laboratory. */
import { mount } from 'svelte'
import { version } from '../package.json'
import './app.css'
import { readExperiment } from './core/experiment/read.ts'
import { startExperiment } from './core/experiment/table.ts'
import demoSpec from './lessons/demo.json'
import { addressOf } from './lessons/addresses.ts'
import { lessons } from './lessons/index.ts'
import { SAMPLE } from './lessons/sample.ts'
import { keptForOffline } from './offline/register.ts'
import { App as State } from './state/app.svelte.ts'
import { firstLanguage, firstLocale } from './state/firstLanguage.ts'
import { keptDraft } from './state/keptDraft.ts'
import { keptResult } from './state/keptResult.ts'
import { claimsLesson, placeFragment } from './state/lessonAddress.ts'
import { keptPreferences } from './state/preferences.ts'
import App from './ui/App.svelte'

const [load] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
const preferences = keptPreferences(() => localStorage)
// what is waited for here must not import what is loaded with the page, which waits
const { language, missing } = await firstLanguage(firstLocale(preferences, navigator.languages))
const app = new State(
  preferences,
  language,
  keptDraft(
    () => sessionStorage,
    () => location.href,
    load?.type === 'reload' || load?.type === 'back_forward'
  ),
  keptResult('result', [() => sessionStorage, () => localStorage]),
  keptResult('ghost', [() => sessionStorage]),
  {
    shelf: lessons,
    load: loadResult,
    reopened: place => {
      if (location.hash !== placeFragment(place)) history.pushState(null, '', placeFragment(place))
    },
    left: open => {
      const address = open ? placeFragment(open) : location.pathname + location.search
      if (claimsLesson(location.hash)) history.replaceState(null, '', address)
    }
  }
)
const demo = readExperiment(demoSpec).experiment ?? startExperiment

mount(App, {
  target: document.getElementById('app')!,
  props: { app, demo, version }
})

if (missing) app.notices.addError(missing)
void app.start(location.hash)
addEventListener('hashchange', () => void app.openAddress(location.hash))
// a tab may be discarded without a word once it is hidden
addEventListener('pagehide', () => app.keepResults())
document.addEventListener('visibilitychange', () => document.hidden && app.keepResults())

/** A result that comes with the page. */
async function loadResult(file: string): Promise<string> {
  const answer = await fetch(addressOf(file))
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`)
  return answer.text()
}

async function sample(): Promise<void> {
  const text = await loadResult(SAMPLE).catch(() => undefined)
  if (text) app.exchange.offerSample(text)
}

async function laboratory(): Promise<void> {
  try {
    const { openLaboratory } = await import('./runtime/client/index.ts')
    await app.connect(await openLaboratory())
  } catch (error) {
    app.laboratory.unavailable(error, () => void laboratory())
  }
}

void Promise.all([sample(), laboratory()])
  .then(keptForOffline)
  .then(kept => (app.offline = kept))
