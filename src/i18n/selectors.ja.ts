/** Every initial selector in Japanese. */
import type * as en from './selectors.en.ts'

const pixels = '学習の要らない、画像の主成分の上で行います。'

const encoder = 'プールでラベルなしに事前学習したエンコーダーの特徴の上で行います。'

export const selectors = {
  random: {
    name: 'Random',
    short: 'Random',
    idea: '何も考えずに初期セットを抽選します。大きいセットは小さいセットを含みます。',
    fails: '枚数が少ないと、1枚も選ばれないクラスがよくあります。その後の結果も運に大きく左右されます。'
  },
  balanced: {
    name: 'Balanced random（オラクル）',
    short: 'クラス均等',
    idea: '無作為ですが、どのクラスも同じ枚数ずつ選びます。ラベルなしでは誰にもできないので反則ですが、こうして始める論文は少なくありません。大きいセットは小さいセットを含みます。',
    fails: '実際には使えません。'
  },
  'kMeans:pixels': {
    name: 'k-means（画素）',
    short: 'k-means',
    idea: `初期セットの枚数と同じ数のクラスタに分け、それぞれから中心に最も近い画像を選びます。${pixels}枚数が変わると、別のセットになります。`,
    fails: '画素のクラスタはクラスとは違います。また、中心に近い画像は平均的に見えるものばかりです。'
  },
  'kCenter:pixels': {
    name: 'k-center（画素）',
    short: 'k-center',
    idea: `真ん中の画像から始めて、選んだ画像すべてから最も遠い画像を1枚ずつ加えます。${pixels}大きいセットは小さいセットを含み、どのシードでも同じセットになります。`,
    fails: '外れ値を集めます。どれからも遠く、ほかの何にも似ていない画像です。'
  },
  'typiClust:pixels': {
    name: 'TypiClust（画素）',
    short: 'TypiClust',
    idea: `初期セットの枚数と同じ数のクラスタに分け、大きいクラスタから順に、最も典型的な画像（近傍が最も近い画像）を選びます。${pixels}枚数が変わると、別のセットになります。`,
    fails: 'もともと自己教師あり学習の特徴のための方法です。典型的な画素の並びが典型的な物とは限りません。'
  },
  'probCover:pixels': {
    name: 'ProbCover（画素）',
    short: 'ProbCover',
    idea: `まだ覆われていない画像を最も多く含む球の中心を、1枚ずつ選んでいきます。${pixels}大きいセットは小さいセットを含み、シードによる違いはわずかです。`,
    fails: 'すべてが球の半径しだいです。まばらな領域は最後になるか、選ばれません。'
  },
  'kMeans:encoder': {
    name: 'k-means（エンコーダー）',
    short: 'k-means・エンコーダー',
    idea: `初期セットの枚数と同じ数のクラスタに分け、それぞれから中心に最も近い画像を選びます。${encoder}枚数が変わると、別のセットになります。`,
    fails: 'クラスタの良し悪しはエンコーダーしだいです。また、中心に近い画像は平均的に見えるものばかりです。'
  },
  'kCenter:encoder': {
    name: 'k-center（エンコーダー）',
    short: 'k-center・エンコーダー',
    idea: `真ん中の画像から始めて、選んだ画像すべてから最も遠い画像を1枚ずつ加えます。${encoder}大きいセットは小さいセットを含み、どのシードでも同じセットになります。`,
    fails: 'エンコーダーにとって見慣れない画像、つまり外れ値を集めます。'
  },
  'typiClust:encoder': {
    name: 'TypiClust（エンコーダー）',
    short: 'TypiClust・エンコーダー',
    idea: `初期セットの枚数と同じ数のクラスタに分け、大きいクラスタから順に、最も典型的な画像（近傍が最も近い画像）を選びます。${encoder}これが本来の使い方です。枚数が変わると、別のセットになります。`,
    fails: 'エンコーダーが画像をクラスごとにまとめていなければ、クラスタもクラスと一致しません。'
  },
  'probCover:encoder': {
    name: 'ProbCover（エンコーダー）',
    short: 'ProbCover・エンコーダー',
    idea: `まだ覆われていない画像を最も多く含む球の中心を、1枚ずつ選んでいきます。${encoder}これが本来の使い方です。大きいセットは小さいセットを含み、シードによる違いはわずかです。`,
    fails: 'すべてが球の半径しだいです。まばらな領域は最後になるか、選ばれません。'
  }
} satisfies typeof en.selectors
