/**
 * Data sets that one click fetches from their publisher, where the publisher allows other sites to read them. This file
 * is the whole of what the page may reach: the content security policy's hosts are made from it. Addresses are pinned to
 * a revision where the host has such, and every file has a published checksum: those of torchvision and MedMNIST's
 * info.py (MD5 of the original files), and the hub's own (SHA-256). CIFAR's authors allow no cross-origin reads: the
 * University of Toronto's own copy on the hub is taken. KMNIST's server speaks plain http only, which a page served over
 * https cannot read: the original files are taken from a copy on the hub, and their checksums tell.
 */
import { medmnist } from './medmnist.ts'

export interface RemoteFile {
  /** the name the importer knows it by */
  name: string
  url: string
  /** size in bytes, for the progress until the host has said it; not a check */
  bytes: number
  /** published checksum of the file's bytes, in hex */
  hash: { algorithm: 'md5' | 'sha256'; hex: string }
}

export interface CataloguedSet {
  /** frozen: stored downloads are found again by it */
  id: string
  name: string
  /** [height, width, channels] */
  shape: readonly [height: number, width: number, channels: number]
  /** images for the pool and for the test part, as published */
  images: readonly [pool: number, test: number]
  classNames: readonly string[]
  /** undefined: none is stated */
  licence?: { name: string; url: string }
  attribution: string
  /** where a person reads about it, and can download it by hand */
  page: string
  /** the host answers requests for the rest of a file: a download goes on where it stopped */
  ranges: boolean
  files: readonly RemoteFile[]
}

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

/** The hub answers a file's address with a redirect to its content network, whose host depends on the reader's region. */
const HUB = 'https://huggingface.co/datasets'
const onHub = (dataset: string, revision: string, path: string) =>
  `${HUB}/${dataset}/resolve/${revision}/${path}`

/**
 * MNIST's four files under their usual names: [training images, training labels, test images, test labels]. Several sets
 * use the same: here they bear the set's name too, as the importer goes by it.
 */
function idxFiles(set: string, folder: string, sums: readonly [md5: string, bytes: number][]): RemoteFile[] {
  const names = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1']
  return names.map((name, i) => ({
    name: `${set}-${name}-ubyte.gz`,
    url: `${folder}${name}-ubyte.gz`,
    bytes: sums[i][1],
    hash: { algorithm: 'md5', hex: sums[i][0] }
  }))
}

function parquetFiles(
  set: string,
  address: (part: string) => string,
  sums: readonly [part: string, sha256: string, bytes: number][]
): RemoteFile[] {
  return sums.map(([part, hex, bytes]) => ({
    name: `${set}-${part}-00000-of-00001.parquet`,
    url: address(`${part}-00000-of-00001.parquet`),
    bytes,
    hash: { algorithm: 'sha256', hex }
  }))
}

export const catalogue: readonly CataloguedSet[] = [
  {
    id: 'mnist',
    name: 'MNIST',
    shape: [28, 28, 1],
    images: [60000, 10000],
    classNames: digits,
    licence: { name: 'MIT', url: 'https://huggingface.co/datasets/ylecun/mnist' },
    attribution: 'Yann LeCun, Corinna Cortes, Christopher J. C. Burges',
    page: 'https://huggingface.co/datasets/ylecun/mnist',
    ranges: true,
    files: parquetFiles(
      'mnist',
      file => onHub('ylecun/mnist', '77f3279092a1c1579b2250db8eafed0ad422088c', `mnist/${file}`),
      [
        ['train', 'f2c01285a9f89399335b00ee4e8d499dc4e46db5e39c74903ce5618d895eb3bf', 15561616],
        ['test', 'd49fcf556ce25b002b302e318ce4a11098bbfe5d4499c3f35d7c72297c52374b', 2595890]
      ]
    )
  },
  {
    id: 'fashion-mnist',
    name: 'Fashion-MNIST',
    shape: [28, 28, 1],
    images: [60000, 10000],
    // prettier-ignore
    classNames: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
    licence: { name: 'MIT', url: 'https://github.com/zalandoresearch/fashion-mnist/blob/master/LICENSE' },
    attribution: 'Han Xiao, Kashif Rasul, Roland Vollgraf (Zalando Research)',
    page: 'https://github.com/zalandoresearch/fashion-mnist/tree/master/data/fashion',
    ranges: true,
    files: idxFiles(
      'fashion-mnist',
      'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
      [
        ['8d4fb7e6c68d591d4c3dfef9ec88bf0d', 26421880],
        ['25c81989df183df01b3e8a0aad5dffbe', 29515],
        ['bef4ecab320f06d8554ea6380940ec79', 4422102],
        ['bb300cfdad3c16e7a12a480ee83cd310', 5148]
      ]
    )
  },
  {
    id: 'kmnist',
    name: 'KMNIST',
    shape: [28, 28, 1],
    images: [60000, 10000],
    classNames: ['お', 'き', 'す', 'つ', 'な', 'は', 'ま', 'や', 'れ', 'を'],
    licence: { name: 'CC BY-SA 4.0', url: 'https://creativecommons.org/licenses/by-sa/4.0/' },
    attribution:
      '“KMNIST Dataset” (created by CODH), adapted from “Kuzushiji Dataset” (created by NIJL and others), doi:10.20676/00000341',
    page: 'https://codh.rois.ac.jp/kmnist/',
    ranges: true,
    files: idxFiles('kmnist', onHub('tanganke/kmnist', '53810959241e8f35890445245170c8cec0672f81', 'raw/'), [
      ['bdb82020997e1d708af4cf47b453dcf7', 18165135],
      ['e144d726b3acfaa3e44228e80efcd344', 29497],
      ['5c965bf0a639b31b8f53240b1b52f4d7', 3041136],
      ['7320c461ea6c1c855c0b718fb2a4b134', 5120]
    ])
  },
  {
    id: 'cifar-10',
    name: 'CIFAR-10',
    shape: [32, 32, 3],
    images: [50000, 10000],
    // prettier-ignore
    classNames: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
    attribution: 'Alex Krizhevsky, Vinod Nair, Geoffrey Hinton (University of Toronto)',
    page: 'https://huggingface.co/datasets/uoft-cs/cifar10',
    ranges: true,
    files: parquetFiles(
      'cifar-10',
      file => onHub('uoft-cs/cifar10', '0b2714987fa478483af9968de7c934580d0bb9a2', `plain_text/${file}`),
      [
        ['train', '8428b53a88a11ac374111006708df51469e315a22ac6d66470afd9c78d2ae883', 119705255],
        ['test', '841389e6f2d64f28bf17310e430aebac20ec3ba611a3c5e231dc93c645ce84de', 23940850]
      ]
    )
  },
  ...medmnist
]

export const findSet = (id: string): CataloguedSet | undefined => catalogue.find(set => set.id === id)

export const bytesOf = (set: CataloguedSet): number => set.files.reduce((sum, file) => sum + file.bytes, 0)

/** Where the hosts of the catalogue send a reader on to. */
const redirects: Readonly<Record<string, readonly string[]>> = {
  'https://huggingface.co': ['https://*.hf.co']
}

/** Everything the page may connect to besides its own host, as sources of the policy's connect-src. */
export const hosts: readonly string[] = [
  ...new Set(
    catalogue.flatMap(({ files }) =>
      files.flatMap(({ url }) => {
        const { origin } = new URL(url)
        return [origin, ...(redirects[origin] ?? [])]
      })
    )
  )
].sort()
