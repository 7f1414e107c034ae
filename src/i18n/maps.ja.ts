/** The maps of the pool, in Japanese. */
import type * as en from './maps.en.ts'

export const maps: typeof en.maps = {
  heading: 'プールのマップ',
  about: '画像を点で表します。画素で、またはエンコーダーの特徴量で見て似ている画像が、近くに並びます。',
  otherPool: '表示しているのは、いま設定している実験のプールです。画面の曲線は別のプールのものです。',
  embedding: '埋め込みマップ',
  dynamics: 'データセットマップ',
  dynamicsAbout:
    '対照学習による事前学習で、各画像のもう一つのビューをほかの画像のものとどれだけ見分けられたかを、全エポックを通して表します。上ほど見分けやすく、下ほど見分けにくい画像で、右ほどエポックによる変動が大きい画像です。',
  by: '特徴量',
  bases: { pixels: '画素', encoder: 'エンコーダー' },
  arrangement: '並べ方',
  arrangements: { pca: 'PCA', umap: 'UMAP' },
  colour: '色分け',
  colours: { class: 'クラス', round: 'サイクル', correct: '正答率' },
  confidence: '確信度',
  variability: '変動',
  arm: 'ラベルを付けた実験条件',
  armOf: (line, size, seed) => `${line}、初期${size}枚、シード${seed}`,
  initial: labels => `初期セット（${labels}枚）`,
  round: labels => `${labels}枚まで`,
  making: 'マップを作っています…',
  arranging: share => `UMAP：${share}`,
  preparing: 'UMAP：近傍を探しています…',
  progress: 'UMAPの進み具合',
  cancel: '中止',
  missing:
    'この設定のエンコーダーはまだありません。いま事前学習するか、同じ画像と設定で作ったエンコーダーのファイルを開いてください。',
  pretrain: '事前学習を始める',
  pretraining: 'エンコーダーを事前学習しています。「事前学習」をご覧ください。',
  chart: name => `${name}：矢印キーで画像から画像へ移り、Enterキーで同じグループを強調します`,
  embeddingSummary: (images, of, purity) =>
    `${of === images ? `${of}枚すべて` : `${of}枚のうち${images}枚`}。このマップで最も近い10枚のうち、同じクラスの画像の割合は平均${purity}です。`,
  dynamicsSummary: (images, of, confidence, correct) =>
    `${of === images ? `${of}枚すべて` : `${of}枚のうち${images}枚`}。確信度の平均は${confidence}、もう一つのビューが最も近かった割合は${correct}です。`,
  image: (row, name) => `画像${row}：${name}`,
  labelledIn: round => `ラベルあり：${round}`,
  unlabelled: 'ラベルなし',
  dynamicsOf: (confidence, variability, correct) =>
    `確信度${confidence}、変動${variability}、正答率${correct}`,
  legend: colour => `凡例（${colour}）：押した項目を強調します`,
  made: (features, arrangement) => `特徴量：${features}、並べ方：${arrangement}。`,
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
    correct: '正答率'
  }
}
