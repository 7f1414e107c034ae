/** Data sets that one click downloads: their list, and what can go wrong on the way, in English. */
import type { Say } from './notices.en.ts'

/** By the codes of the data layer; each says what to do. */
export const downloads = {
  downloadOffline: p =>
    `${p.file} could not be downloaded: this browser is offline. What has arrived is kept: resume when you are online again.`,
  downloadUnreachable: p =>
    `${p.file} could not be downloaded: ${p.host} cannot be reached. A firewall or an extension may block it. Try again later, or download the file elsewhere and drop it here.`,
  downloadForbidden: p =>
    `${p.host} does not allow this page to read ${p.file}. Download it from the publisher’s page and drop it here.`,
  downloadStatus: p =>
    `${p.host} answered with status ${p.status} when asked for ${p.file}. Try again later, or download it from the publisher’s page and drop it here.`,
  downloadCut: p =>
    `The connection to ${p.host} broke several times: ${p.received} of ${p.expected} bytes of ${p.file} have arrived. Resume later.`,
  downloadWrong: p =>
    `What ${p.host} sent is not ${p.file} as it was published (wrong checksum). It was not used. Try again, or download it from the publisher’s page and drop it here.`,
  linkDropped: p =>
    `That was a link to ${p.host}, not a file. The page can only download from the publishers in its list: download the file yourself and drop it here.`
} satisfies Record<string, Say>

export const catalogue = {
  heading: 'Well-known data sets',
  about:
    'Your browser downloads them from their publishers. You see what is in them before anything is stored.',
  other: 'For a file from any other address: download it and drop it on this page.',
  facts: (shape: string, classes: string, pool: string, test: string) =>
    `${shape} · ${classes} classes · pool ${pool} · test ${test}`,
  size: (bytes: string) => `about ${bytes}`,
  licence: 'Licence: ',
  noLicence: 'none stated',
  by: (attribution: string) => `By ${attribution}`,
  page: 'Publisher’s page',
  get: 'Get',
  getNamed: (name: string) => `Get ${name}`,
  resume: 'Resume',
  resumeNamed: (name: string, here: string) => `Resume downloading ${name} (${here} downloaded)`,
  open: 'Open',
  openNamed: (name: string) => `Open ${name}, which has been downloaded`,
  stop: 'Stop',
  stopNamed: (name: string) => `Stop downloading ${name}`,
  forget: 'Discard',
  forgetNamed: (name: string, here: string) => `Discard the downloaded part of ${name} (${here})`,
  here: (here: string, total: string) => `${here} of ${total} downloaded`,
  complete: (total: string) => `downloaded (${total})`,
  progress: (name: string) => `Download of ${name}`,
  fetching: (here: string, total: string) => `${here} of ${total}`,
  startsOver: 'This host always sends the whole file: a stopped download starts from the beginning.',
  waiting: 'One download at a time.',
  byHand: 'Download it yourself and drop it here:',
  medical: 'MedMNIST: medical images',
  medicalNote: 'Eleven sets of 28×28. Not intended for clinical use.',
  sets: {
    mnist: 'Handwritten digits',
    'fashion-mnist': 'Clothes and shoes',
    kmnist: 'Cursive Japanese characters (kuzushiji)',
    'cifar-10': 'Photographs of animals and vehicles',
    pathmnist: 'Colon tissue under the microscope',
    dermamnist: 'Skin lesions, seen through a dermatoscope',
    octmnist: 'Retinal layers (optical coherence tomography)',
    pneumoniamnist: 'Chest X-rays of children',
    retinamnist: 'Retinal photographs, five grades of disease',
    breastmnist: 'Breast ultrasound',
    bloodmnist: 'Blood cells under the microscope',
    tissuemnist: 'Kidney cells under the microscope',
    organamnist: 'Abdominal organs, CT, axial slices',
    organcmnist: 'Abdominal organs, CT, coronal slices',
    organsmnist: 'Abdominal organs, CT, sagittal slices'
  }
}
