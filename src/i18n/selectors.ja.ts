/** Every initial selector in Japanese. */
import type * as en from './selectors.en.ts'

const pixels = '学習の要らない、画素の主成分を使います。'

const map =
  'エンコーダーの事前学習には、SimCLR、MoCo、MoCo v2のどれかが必要です。グループはシードごとに変わります。'
const encoder = 'プールの画像だけで（ラベルなしで）事前学習したエンコーダーの特徴量を使います。'

export const selectors = {
  random: {
    name: 'Random',
    short: 'Random',
    idea: '画像を見ずに、初期セットを無作為に選びます。',
    fails: '枚数が少ないと、1枚も選ばれないクラスがよくあります。その後の結果も運に大きく左右されます。'
  },
  balanced: {
    name: 'Balanced random（オラクル）',
    short: 'クラス均等',
    idea: '無作為に、ただしどのクラスからも同じ枚数を選びます。ラベルなしでは誰にもできないので反則ですが、こうして始める論文は少なくありません。',
    fails: '実際には使えません。'
  },
  'kMeans:pixels': {
    name: 'k-means（画素）',
    short: 'k-means',
    idea: `初期セットの枚数と同じ数のクラスターに分け、それぞれから中心に最も近い画像を選びます。${pixels}`,
    fails: '画素のクラスターはクラスとは違います。また、中心に近い画像は平均的に見えるものばかりです。'
  },
  'kCenter:pixels': {
    name: 'k-center（画素）',
    short: 'k-center',
    idea: `中央の画像から始めて、選んだ画像すべてから最も遠い画像を1枚ずつ加えます。${pixels}`,
    fails: '外れ値、つまりどれからも遠く、ほかの何にも似ていない画像を集めます。'
  },
  'typiClust:pixels': {
    name: 'TypiClust（画素）',
    short: 'TypiClust',
    idea: `初期セットの枚数と同じ数のクラスターに分け、大きいクラスターから順に、最も典型的な画像（近傍が最も近い画像）を選びます。${pixels}`,
    fails:
      'もともと自己教師あり学習の特徴量のための方法です。画素の並びが典型的でも、写っているものが典型的とは限りません。'
  },
  'probCover:pixels': {
    name: 'ProbCover（画素）',
    short: 'ProbCover',
    idea: `各画像を中心とする球を考え、まだ覆われていない画像を最も多く含む球の中心の画像を、1枚ずつ選んでいきます。${pixels}同数の候補からはシードが選びます。`,
    fails: 'すべてが球の半径しだいです。まばらな領域は最後になるか、選ばれません。'
  },
  'kMeans:encoder': {
    name: 'k-means（エンコーダー）',
    short: 'k-means（エンコーダー）',
    idea: `初期セットの枚数と同じ数のクラスターに分け、それぞれから中心に最も近い画像を選びます。${encoder}`,
    fails:
      'クラスターの良し悪しはエンコーダーしだいです。また、中心に近い画像は平均的に見えるものばかりです。'
  },
  'kCenter:encoder': {
    name: 'k-center（エンコーダー）',
    short: 'k-center（エンコーダー）',
    idea: `中央の画像から始めて、選んだ画像すべてから最も遠い画像を1枚ずつ加えます。${encoder}`,
    fails: 'エンコーダーにとって見慣れない画像、つまり外れ値を集めます。'
  },
  'typiClust:encoder': {
    name: 'TypiClust（エンコーダー）',
    short: 'TypiClust（エンコーダー）',
    idea: `初期セットの枚数と同じ数のクラスターに分け、大きいクラスターから順に、最も典型的な画像（近傍が最も近い画像）を選びます。${encoder}これが本来の使い方です。`,
    fails: 'エンコーダーが画像をクラスごとにまとめていなければ、クラスターもクラスと一致しません。'
  },
  'probCover:encoder': {
    name: 'ProbCover（エンコーダー）',
    short: 'ProbCover（エンコーダー）',
    idea: `各画像を中心とする球を考え、まだ覆われていない画像を最も多く含む球の中心の画像を、1枚ずつ選んでいきます。${encoder}これが本来の使い方です。同数の候補からはシードが選びます。`,
    fails: 'すべてが球の半径しだいです。まばらな領域は最後になるか、選ばれません。'
  },
  'firstChoice:hard': {
    name: '見分けにくい画像（エンコーダー）',
    short: '見分けにくい（エンコーダー）',
    idea: `Making Your First Choiceの方法です。エンコーダーの特徴量で画像をクラス数の3倍のグループに分け、グループを順に回りながら、エンコーダーの学習中にほかの画像と最も見分けにくかった画像を選びます。そうした画像は典型的だからです。${map}`,
    fails:
      '何枚選べばよいかは、この方法からは分かりません。枚数がグループの数より少ないと、1枚も選ばれないグループ（ときにはクラス全体）が出ます。また、見分けにくいのは単に写りが悪いからかもしれません。'
  },
  'firstChoice:ambiguous': {
    name: '見分けの揺れる画像（エンコーダー）',
    short: '揺れる（エンコーダー）',
    idea: `Making Your First Choiceの2つ目の規則です。各グループから、エンコーダーの学習中に、ほかの画像と見分けられるときと見分けられないときがあった画像を選びます。${map}`,
    fails:
      'どれだけ揺れるかは、エンコーダーの学習の長さしだいです。論文では、見分けにくい画像のほうが良い結果でした。'
  },
  'firstChoice:easy': {
    name: '見分けやすい画像（エンコーダー）',
    short: '見分けやすい（エンコーダー）',
    idea: `Making Your First Choiceの、比較のための規則です。各グループから、エンコーダーがほかの画像と最も見分けやすかった画像を選びます。${map}`,
    fails: 'ほかのどれとも見分けやすいのは、外れ値です。'
  },
  pt4al: {
    name: 'PT4AL（回転）',
    short: 'PT4AL（回転）',
    idea: 'まずプールの画像だけで（ラベルなしで）、画像が何度回転しているかを当てる学習をします。それが難しい順に画像を並べてサイクルと同じ数の組に分け、最も難しい組から等間隔に選びます。',
    fails:
      '回しても見た目が変わらない画像（0、1、8など）は、曖昧なだけなのに難しいとみなされます。サイクルの数が変わると、別のセットになります。'
  }
} satisfies typeof en.selectors

export const selectorKinds = {
  draws: '無作為に選ぶ',
  pixels: '画素で選ぶ（学習なし）',
  encoder: 'エンコーダーで選ぶ',
  dynamics: 'データセットマップで選ぶ',
  pretextLoss: '擬似的な課題の難しさで選ぶ'
} satisfies typeof en.selectorKinds
