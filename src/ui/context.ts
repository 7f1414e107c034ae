/** The page's state, handed down to the components. */
import { getContext, setContext } from 'svelte'
import type { App } from '../state/app.svelte.ts'

const KEY = Symbol('app')
export const setApp = (app: App): App => setContext(KEY, app)
export const getApp = (): App => getContext<App>(KEY)
