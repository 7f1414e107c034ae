/** The report: a table as JSON and Markdown, and a page that stands for itself, with figures in the app's look. */
import { tokenColours } from '../../src/charts/scene.ts'
import { escapeXml, FONT, toSvg } from '../../src/charts/svg.ts'
import type { Theme } from '../../src/charts/options.ts'
import type { Entry, Figure, Finding, Verdict } from './entry.ts'
import { figuresOfEstimates, unitNames, valueText } from './figures.ts'
import { titles, type SetName } from './sets.ts'

/** An entry on a data set, or why it was not looked at. */
export interface Outcome {
  entry: Entry
  set: SetName
  seeds: number
  /** of computing, added up over threads */
  seconds: number
  finding: Finding | { missing: string }
}

export interface Study {
  quick: boolean
  app: string
  arithmetic: string
  made: string
  outcomes: readonly Outcome[]
}

const NAMES: Record<Verdict, string> = { holds: 'holds', fails: 'fails', undecided: 'not decided' }

const verdictOf = ({ finding }: Outcome) => ('missing' in finding ? 'not looked at' : NAMES[finding.verdict])
const saidOf = ({ finding }: Outcome) => ('missing' in finding ? finding.missing : finding.said)
const minutes = (seconds: number) => (seconds / 60).toFixed(1)

function intervalText({ interval, unit }: Finding['estimates'][number]): string {
  return interval ? `${valueText(interval.low, unit)} to ${valueText(interval.high, unit)}` : '–'
}

export function studyJson({ outcomes, ...study }: Study): string {
  const rows = outcomes.map(({ entry: { name, claim, rule }, set, seeds, seconds, finding }) => {
    const found =
      'missing' in finding
        ? finding
        : { verdict: finding.verdict, said: finding.said, estimates: finding.estimates }
    return { name, claim, rule, set, seeds, seconds: Math.round(seconds), ...found }
  })
  return `${JSON.stringify({ format: 'dal-study', ...study, entries: rows }, null, 2)}\n`
}

const about = ({ quick, app, arithmetic, made }: Study) =>
  `${made.slice(0, 10)}, version ${app}, ${arithmetic}${quick ? '; quick: small pools and networks, to try the study and not to believe it' : ''}`

export function studyMarkdown(study: Study): string {
  const cell = (text: string) => text.replaceAll('|', '\\|')
  const lines = study.outcomes.map(
    o =>
      `| ${o.entry.name} | ${titles[o.set]} | ${verdictOf(o)} | ${cell(saidOf(o))} | ${o.seeds} | ${minutes(o.seconds)} |`
  )
  const details = study.outcomes.flatMap(o => {
    if ('missing' in o.finding) return []
    const rows = o.finding.estimates.map(
      e =>
        `| ${cell(e.name)} | ${valueText(e.value, e.unit)} | ${intervalText(e)} | ${e.threshold === undefined ? '' : valueText(e.threshold, e.unit)} | ${e.seeds} |`
    )
    return [
      `\n## ${o.entry.name}: ${titles[o.set]}\n\n${o.entry.claim} **${verdictOf(o)}.** ${o.finding.said}\n\n${o.entry.rule}\n`,
      '| | mean | 95 % interval | claim’s line | seeds |',
      '|---|---|---|---|---|',
      ...rows
    ]
  })
  return [
    '# Study\n',
    `${about(study)}\n`,
    '| entry | data | verdict | what came out | seeds | minutes of computing |',
    '|---|---|---|---|---|---|',
    ...lines,
    ...details,
    ''
  ].join('\n')
}

const themes: Theme[] = ['light', 'dark']

function figureHtml(figure: Figure): string {
  const { title, description } = figure
  const pictures = themes.map(
    theme => `<div class="${theme}">${toSvg(figure.draw(theme), { theme, title, description })}</div>`
  )
  return `<figure><figcaption>${escapeXml(title)}</figcaption>${pictures.join('')}</figure>`
}

function outcomeHtml(outcome: Outcome): string {
  const { finding, set, seeds, seconds } = outcome
  const verdict = 'missing' in finding ? 'missing' : finding.verdict
  const head = `<h3>${titles[set]} <span class="verdict ${verdict}">${verdictOf(outcome)}</span></h3><p>${escapeXml(saidOf(outcome))}</p>`
  if ('missing' in finding) return `<section>${head}</section>`
  const rows = finding.estimates.map(
    e =>
      `<tr><th scope="row">${escapeXml(e.name)}</th><td>${valueText(e.value, e.unit)}</td><td>${intervalText(e)}</td><td>${e.threshold === undefined ? '' : valueText(e.threshold, e.unit)}</td><td>${unitNames[e.unit]}</td><td>${e.seeds}</td></tr>`
  )
  const figures = [...figuresOfEstimates(finding.estimates), ...(finding.figures ?? [])]
  return `<section>${head}${figures.map(figureHtml).join('')}<details><summary>Numbers (${seeds} seeds, ${minutes(seconds)} minutes of computing)</summary><table><thead><tr><th>what</th><th>mean</th><th>95 % interval</th><th>claim’s line</th><th>unit</th><th>seeds</th></tr></thead><tbody>${rows.join('')}</tbody></table></details></section>`
}

const colours = (theme: Theme) =>
  Object.entries(tokenColours[theme])
    .map(([token, colour]) => `--${token}:${colour}`)
    .join(';')

const STYLE = `
:root{color-scheme:light dark;${colours('light')};--holds:#2b6a2f;--fails:#a8281f}
@media (prefers-color-scheme:dark){:root{${colours('dark')};--holds:#a4d79a;--fails:#ff9d92}}
body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:62rem;background:var(--surface);color:var(--ink);font:15px/1.55 ${FONT};font-variant-numeric:tabular-nums}
h1{font-size:1.6rem;margin:0}h2{font-size:1.2rem;margin:2.8rem 0 .3rem;padding-top:1rem;border-top:1px solid var(--hairline)}h3{font-size:1.05rem;margin:1.6rem 0 .2rem}
p{margin:.3rem 0;max-width:70ch}.soft,figcaption,summary{color:var(--inkSoft)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--hairline);vertical-align:top;font-weight:400}thead th{color:var(--inkSoft)}
.scroll{overflow-x:auto}.verdict{font-size:.85em;font-weight:600;padding:.1em .55em;border-radius:1em;background:var(--shade);white-space:nowrap}
.holds{color:var(--holds)}.fails{color:var(--fails)}.undecided,.missing{color:var(--inkSoft)}
figure{margin:1rem 0;overflow-x:auto}svg{width:100%;min-width:36rem;max-width:60rem;height:auto;display:block}.dark{display:none}
@media (prefers-color-scheme:dark){.light{display:none}.dark{display:block}}
a{color:var(--accent)}`

export function studyHtml(study: Study): string {
  const rows = study.outcomes.map(o => {
    const verdict = 'missing' in o.finding ? 'missing' : o.finding.verdict
    return `<tr><th scope="row"><a href="#${o.entry.name}">${o.entry.name}</a></th><td>${titles[o.set]}</td><td><span class="verdict ${verdict}">${verdictOf(o)}</span></td><td>${escapeXml(saidOf(o))}</td></tr>`
  })
  const sections = [...new Set(study.outcomes.map(o => o.entry))].map(
    entry =>
      `<h2 id="${entry.name}">${escapeXml(entry.claim)}</h2><p class="soft">${escapeXml(entry.rule)}</p>${study.outcomes
        .filter(o => o.entry === entry)
        .map(outcomeHtml)
        .join('')}`
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>DAL Playground: study</title><style>${STYLE}</style></head><body>
<h1>What the methods do</h1><p class="soft">${escapeXml(about(study))}. Claims of the literature, computed with this app and reported as they come out, also where they fail.</p>
<div class="scroll"><table><thead><tr><th>entry</th><th>data</th><th>verdict</th><th>what came out</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>
${sections.join('\n')}
</body></html>
`
}
