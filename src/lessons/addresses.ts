/**
 * Where the results that come with the page lie: each under a name that its content gives it, so that a page never meets
 * the result of another version, whoever kept it on the way.
 */
const addresses = import.meta.glob<string>('./results/*.json', {
  query: '?url&no-inline',
  import: 'default',
  eager: true
})

export const addressOf = (file: string): string => addresses[`./results/${file}`]
