/**
 * A page to look at the charts on, with made-up results: `npx vite tests/charts/gallery`. The address chooses:
 * ?theme=dark&locale=ja&facet=strategy&scale=plain&measured=2.5&seeds=10&n=200
 */
import { mount } from 'svelte'
import Gallery from './Gallery.svelte'

const asked = Object.fromEntries(new URLSearchParams(location.search))
document.documentElement.dataset.theme = asked.theme ?? 'light'
document.documentElement.lang = asked.locale ?? 'en'
mount(Gallery, { target: document.getElementById('gallery')!, props: { asked } })
