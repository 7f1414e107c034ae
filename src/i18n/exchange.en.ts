/** What can be wrong with a file or a link, in English, by the codes of core/exchange. `field` names the place. */
import type { Say } from './notices.en.ts'

const at = (field: string) => (field ? ` (${field})` : '')
const here = 'What is on screen has not changed.'

export const exchange = {
  notJson: () => `This file is not JSON: it is no result of this page. ${here}`,
  notOurs: () => `This file is neither an experiment nor a result of this page. ${here}`,
  newerVersion: p =>
    `This was made by a later version of the page (format ${p.version}). Reload the page to get that version. ${here}`,
  wrongType: p => `Something is missing or of the wrong kind${at(p.field)}. ${here}`,
  outOfRange: p => `A number is out of range${at(p.field)}. ${here}`,
  tooMany: p => `Something is longer than is accepted${at(p.field)}. ${here}`,
  tooLarge: () => `This file is larger than is accepted. ${here}`,
  forbiddenKey: p => `This has a name in it that no honest file has${at(p.field)}. ${here}`,
  unsafeText: p => `A text has hidden characters in it${at(p.field)}. ${here}`,
  badRow: p => `The experiment is wrong${at(p.field)}${p.limit ? `, limit ${p.limit}` : ''}. ${here}`,
  unknownRow: p =>
    `The experiment uses what this version does not know: ${p.name}. Reload the page to get a later one.`,
  unknownName: p =>
    `The experiment names what this version does not know: ${p.name}. Reload the page to get a later one.`,
  notListed: p => `This names something that it does not hold${at(p.field)}. ${here}`,
  notAscending: p => `Numbers are out of order${at(p.field)}. ${here}`,
  repeated: p => `Something stands in it twice${at(p.field)}. ${here}`,
  inconsistent: p => `Two places in it contradict each other${at(p.field)}. ${here}`,
  notALink: () => `This link is none of this page’s. ${here}`,
  truncated: () => `This link was cut off. Ask for it again, or for the result file. ${here}`,
  corrupted: () => `This link was changed on its way. Ask for it again, or for the result file. ${here}`,
  tooLong: () => `This link is longer than is accepted. ${here}`,
  unreadable: () => `What this link holds cannot be read. ${here}`,
  tooLongForLink: p =>
    `With its results the link would be ${p.characters} characters long, too long to send. Download the result file, or share the experiment only.`,
  laterVersion: () =>
    'Parts of this result are of a later version and would be lost. It cannot be written here.',
  earlierEncoder: () =>
    'This encoder was saved by an earlier version of the page and cannot be checked. Save it again where it was made.',
  damagedEncoder: () =>
    'This file of an encoder is damaged: its numbers are not those it was saved with. Ask for it again, or pretrain with the same settings.',
  nothingToMerge: () => 'There is nothing to merge.',
  differentExperiment: p =>
    `These results are of different experiments${at(p.field)} and cannot be merged. ${here}`,
  differentData: p =>
    `These results were measured on different data${at(p.field)} and cannot be merged. ${here}`,
  disagreement: p => `These results contradict each other${at(p.field)} and cannot be merged. ${here}`
} satisfies Record<string, Say>
