/** What the points of a map are coloured by: their class, the round that labelled them, or how often they were told from others. */
import { classGroups, orderedGroups, type MapPoints } from '../../charts/imageMap.ts'
import type { Theme } from '../../charts/options.ts'
import type { Format, Messages } from '../../i18n/index.ts'
import type { ImageMap } from '../../runtime/client/types.ts'
import type { Rounds } from './byClass.ts'

export type Colour = 'class' | 'round' | 'correct'

/** shares from none to all, in fifths */
const BINS = 5

/** The name of a round: that of the initial set, or how many labels there were with it. */
export const roundName = (words: Messages['maps'], format: Format, { labelCounts }: Rounds, round: number) =>
  (round ? words.round : words.initial)(format.number(labelCounts[round]))

/** The group of each image, and the groups; `rounds` is given where an arm's are to be shown. */
export function groupsOf(
  map: ImageMap,
  colour: Colour,
  rounds: Rounds | undefined,
  words: Messages['maps'],
  format: Format,
  theme: Theme
): Omit<MapPoints, 'positions'> {
  if (colour === 'round' && rounds) {
    const names = rounds.labelCounts.map((_, r) => roundName(words, format, rounds, r))
    return { group: rounds.group, groups: orderedGroups(names, theme) }
  }
  if (colour === 'correct' && map.correct) {
    const names = Array.from(
      { length: BINS },
      (_, b) => `${format.percent(b / BINS)}–${format.percent((b + 1) / BINS)}`
    )
    const group = Array.from(map.correct, share => Math.min(BINS - 1, Math.floor(share * BINS)))
    return { group, groups: orderedGroups(names, theme) }
  }
  return { group: map.labels, groups: classGroups(map.classNames, theme) }
}
