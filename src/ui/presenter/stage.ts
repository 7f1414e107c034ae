/** What the presenter view adds to the page's own parts. */
export { Presenter } from '../../state/presenter.svelte.ts'
export { fillPanels as fill } from '../../charts/fill.ts'
export { default as Bar } from './Bar.svelte'
export { default as Pages } from './Pages.svelte'
export { default as Strip } from './Strip.svelte'
