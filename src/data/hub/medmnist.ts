/**
 * MedMNIST v3 at 28 x 28 (Yang, Shi, Wei et al., Scientific Data 2023): the eleven two-dimensional sets with one label an
 * image; ChestMNIST has fourteen and is left out. Zenodo's page addresses allow no cross-origin reads, those of its
 * programming interface do, but they always send the whole file: such a download cannot go on in the middle.
 * Names, counts, classes and MD5 are those of the package's info.py (3.0.2).
 */
import type { CataloguedSet } from './catalogue.ts'

const RECORD = 'https://zenodo.org/api/records/10519652/files'
// prettier-ignore
const organs = ['bladder', 'femur-left', 'femur-right', 'heart', 'kidney-left', 'kidney-right', 'liver', 'lung-left', 'lung-right', 'pancreas', 'spleen']
const BY = { name: 'CC BY 4.0', url: 'https://creativecommons.org/licenses/by/4.0/' }
const BY_NC = { name: 'CC BY-NC 4.0', url: 'https://creativecommons.org/licenses/by-nc/4.0/' }

interface Row {
  name: string
  /** whose images they are */
  from: string
  channels: 1 | 3
  /** training and validation images together, and test images */
  images: readonly [pool: number, test: number]
  bytes: number
  md5: string
  classNames: readonly string[]
  licence?: typeof BY
}

const rows: readonly Row[] = [
  {
    name: 'PathMNIST',
    from: 'NCT-CRC-HE-100K (Kather et al.)',
    channels: 3,
    images: [100000, 7180],
    bytes: 205615438,
    md5: 'a8b06965200029087d5bd730944a56c1',
    // prettier-ignore
    classNames: ['adipose', 'background', 'debris', 'lymphocytes', 'mucus', 'smooth muscle', 'normal colon mucosa', 'cancer-associated stroma', 'colorectal adenocarcinoma epithelium']
  },
  {
    name: 'DermaMNIST',
    from: 'HAM10000 (Tschandl et al.)',
    channels: 3,
    images: [8010, 2005],
    bytes: 19725078,
    md5: '0744692d530f8e62ec473284d019b0c7',
    // prettier-ignore
    classNames: ['actinic keratoses and intraepithelial carcinoma', 'basal cell carcinoma', 'benign keratosis-like lesions', 'dermatofibroma', 'melanoma', 'melanocytic nevi', 'vascular lesions'],
    licence: BY_NC
  },
  {
    name: 'OCTMNIST',
    from: 'Kermany et al.',
    channels: 1,
    images: [108309, 1000],
    bytes: 54938180,
    md5: 'c68d92d5b585d8d81f7112f81e2d0842',
    classNames: ['choroidal neovascularization', 'diabetic macular edema', 'drusen', 'normal']
  },
  {
    name: 'PneumoniaMNIST',
    from: 'Kermany et al.',
    channels: 1,
    images: [5232, 624],
    bytes: 4170669,
    md5: '28209eda62fecd6e6a2d98b1501bb15f',
    classNames: ['normal', 'pneumonia']
  },
  {
    name: 'RetinaMNIST',
    from: 'DeepDRiD (Liu et al.)',
    channels: 3,
    images: [1200, 400],
    bytes: 3291041,
    md5: 'bd4c0672f1bba3e3a89f0e4e876791e4',
    classNames: ['0', '1', '2', '3', '4']
  },
  {
    name: 'BreastMNIST',
    from: 'Al-Dhabyani et al.',
    channels: 1,
    images: [624, 156],
    bytes: 559580,
    md5: '750601b1f35ba3300ea97c75c52ff8f6',
    classNames: ['malignant', 'normal, benign']
  },
  {
    name: 'BloodMNIST',
    from: 'Acevedo et al.',
    channels: 3,
    images: [13671, 3421],
    bytes: 35461855,
    md5: '7053d0359d879ad8a5505303e11de1dc',
    // prettier-ignore
    classNames: ['basophil', 'eosinophil', 'erythroblast', 'immature granulocytes', 'lymphocyte', 'monocyte', 'neutrophil', 'platelet']
  },
  {
    name: 'TissueMNIST',
    from: 'BBBC051 (Woloshuk et al.)',
    channels: 1,
    images: [189106, 47280],
    bytes: 124962739,
    md5: 'ebe78ee8b05294063de985d821c1c34b',
    // prettier-ignore
    classNames: ['Collecting Duct, Connecting Tubule', 'Distal Convoluted Tubule', 'Glomerular endothelial cells', 'Interstitial endothelial cells', 'Leukocytes', 'Podocytes', 'Proximal Tubule Segments', 'Thick Ascending Limb']
  },
  {
    name: 'OrganAMNIST',
    from: 'LiTS (Bilic et al.), Xu et al.',
    channels: 1,
    images: [41052, 17778],
    bytes: 38247903,
    md5: '68e3f8846a6bd62f0c9bf841c0d9eacc',
    classNames: organs
  },
  {
    name: 'OrganCMNIST',
    from: 'LiTS (Bilic et al.), Xu et al.',
    channels: 1,
    images: [15367, 8216],
    bytes: 15527535,
    md5: 'b9ceb9546e10131b32923c5bbeaea2b1',
    classNames: organs
  },
  {
    name: 'OrganSMNIST',
    from: 'LiTS (Bilic et al.), Xu et al.',
    channels: 1,
    images: [16384, 8827],
    bytes: 16528536,
    md5: '9ab87b696fb54e2a387ebe992d6ed5f1',
    classNames: organs
  }
]

export const medmnist: readonly CataloguedSet[] = rows.map(
  ({ name, from, channels, images, bytes, md5, classNames, licence = BY }) => {
    const file = `${name.toLowerCase()}.npz`
    return {
      id: name.toLowerCase(),
      name,
      shape: [28, 28, channels],
      images,
      classNames,
      licence,
      attribution: `MedMNIST v2 (Jiancheng Yang, Rui Shi, Donglai Wei et al.), ${from}`,
      page: 'https://zenodo.org/records/10519652',
      ranges: false,
      files: [{ name: file, url: `${RECORD}/${file}/content`, bytes, hash: { algorithm: 'md5', hex: md5 } }]
    }
  }
)
