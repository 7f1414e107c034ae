/** The maps of the pool, in Japanese. */
import type * as en from './maps.en.ts'

export const maps: typeof en.maps = {
  heading: 'プールのマップ',
  about: '画像を点で表します。画素、またはエンコーダーから見て似ているものが近くに並びます。',
  embedding: '埋め込みマップ',
  dynamics: 'データセットマップ',
  dynamicsAbout:
    '対照学習の事前学習で、各画像のもう一つのビューをほかと見分けられたかを、エポックを通して表します。上ほど見分けやすく、下ほど見分けにくく、右ほど揺れが大きくなります。',
  by: '特徴',
  bases: { pixels: '画素', encoder: 'エンコーダー' },
  arrangement: '並べ方',
  arrangements: { pca: 'PCA', umap: 'UMAP' },
  colour: '色分け',
  colours: { class: 'クラス', round: 'サイクル', correct: '正解率' },
  confidence: '確信度',
  variability: '変動',
  correctness: '正解率',
  arm: 'ラベル付けした条件',
  armOf: (line, size, seed) => `${line}、初期${size}枚、シード${seed}`,
  initial: labels => `初期セット（${labels}枚）`,
  round: labels => `${labels}枚まで`,
  making: 'マップを作っています…',
  arranging: share => `UMAPを計算中：${share}`,
  preparing: 'UMAP：近傍を探しています…',
  progress: 'UMAPの計算中',
  cancel: '中止',
  missing:
    'この設定のエンコーダーはまだありません。いま事前学習するか、同じ画像と設定で作ったエンコーダーのファイルを開いてください。',
  pretrain: '事前学習を始める',
  pretraining: 'エンコーダーを事前学習しています。「事前学習」をご覧ください。',
  chart: name => `${name}：矢印キーで画像から画像へ移り、Enterキーで同じグループを強調します`,
  embeddingSummary: (images, of, purity) =>
    `${of === images ? `${of}枚すべて` : `${of}枚のうち${images}枚`}。このマップで最も近い10枚のうち、同じクラスの割合は平均${purity}です。`,
  dynamicsSummary: (images, of, confidence, correct) =>
    `${of === images ? `${of}枚すべて` : `${of}枚のうち${images}枚`}。確信度の平均は${confidence}、もう一つのビューが最も近かった割合は${correct}です。`,
  image: (row, name) => `画像${row}：${name}`,
  labelledIn: round => `ラベルあり：${round}`,
  unlabelled: 'ラベルなし',
  dynamicsOf: (confidence, variability, correct) =>
    `確信度${confidence}、変動${variability}、正解率${correct}`,
  legend: colour => `凡例（${colour}）：押すと強調します`,
  made: (features, arrangement) => `特徴：${features}、並べ方：${arrangement}。`,
  coloured: colour => `色分け：${colour}。`,
  colouredByArm: arm => `色分け：サイクル（${arm}）。`,
  numbers: 'クラスごとの数値',
  numbersOf: arm => `クラスごとの数値（ラベル付け：${arm}）`,
  columns: {
    class: 'クラス',
    images: '画像数',
    initial: '初期セット',
    labelled: 'ラベルあり',
    purity: '近傍が同じクラスの割合',
    confidence: '確信度',
    variability: '変動',
    correct: '正解率'
  }
}
