/** What can be wrong with data files and views, and what an importer did, in Japanese. */
import type * as en from './data.en.ts'
import type { Say } from './notices.en.ts'

export const data = {
  tooFewImages: p =>
    `${p.part === 'test' ? 'テストセット' : 'プール'}に${p.needed}枚必要ですが、データセットには${p.available}枚しかありません。枚数を減らしてください。`,
  tooFewOfClass: p =>
    `この偏りのプールには「${p.name}」が${p.needed}枚必要ですが、データセットには${p.available}枚しかありません。プールは最大${p.largest}枚まで作れます。`,
  noSuchClass: p =>
    `実験は${p.index}番目のクラスを使いますが、データセットのクラスは${p.classes}個です。クラスを選び直してください。`,
  badKnob: p => `データの設定が範囲外です（${p.knob}：${p.value}）。`,
  datasetMissing: p =>
    `データセット「${p.name}」はこのブラウザにありません。そのファイルをページにドロップしてください。`,
  importGone: () => '読み込んだ内容が残っていません。もう一度ファイルをドロップしてください。',

  noFiles: () => 'ドロップされた中にファイルがありません。IDXファイル4つをまとめてドロップしてください。',
  emptyFile: p => `${p.file}は空です。ダウンロードし直してください。`,
  unknownFormat: p =>
    `${p.file}は、このページが読み込める形式ではありません。MNIST形式のIDXファイル（gzip圧縮も可）に対応しています。`,
  mixedFormats: p => `${p.file}と${p.other}は形式が異なります。データセットは1つずつドロップしてください。`,
  damagedGzip: p => `${p.file}は壊れているか、途中で切れています（gzip）。ダウンロードし直してください。`,
  unreadable: p => `ブラウザが${p.file}を読み込めませんでした。移動または変更された可能性があります。`,
  tooLarge: p => `${p.file}は${p.megabytes} MBになります。受け付けられるのは${p.limit} MBまでです。`,
  truncated: p =>
    `${p.file}は途中で切れています（本来${p.expected}バイト、実際は${p.found}バイト）。ダウンロードし直してください。`,
  trailingBytes: p => `${p.file}は長すぎます（本来${p.expected}バイト、実際は${p.found}バイト）。`,
  wrongByteOrder: p => `${p.file}はバイト順が逆です。IDXファイルはビッグエンディアンです。`,
  unsupportedType: p => `${p.file}の数値の型は${p.type}です。このページが読み込めるのはバイトだけです。`,
  unsupportedDimensions: p =>
    `${p.file}の配列は${p.dimensions}です。このページが読み込めるのは、ラベル（n）と画像（n×高さ×幅）です。`,
  unsupportedSize: p =>
    `${p.file}の画像は${p.height}×${p.width}です。1辺が${p.least}から${p.most}までの画像に対応しています。`,
  noImages: p => `${p.file}には画像がありません。`,
  labelsMissing: p => `${p.file}に対応するラベルがありません。画像とラベルを一緒にドロップしてください。`,
  imagesMissing: p => `${p.file}に対応する画像がありません。画像とラベルを一緒にドロップしてください。`,
  tooManyFiles: p =>
    `画像のファイルが${p.images}個、ラベルのファイルが${p.labels}個あります。データセットは1つずつ（それぞれ2個まで）ドロップしてください。`,
  ambiguousSplit: p =>
    `${p.file}と${p.other}のどちらが学習用か、名前からも枚数からも分かりません。ファイル名に「train」「test」を入れてください。`,
  labelsCountMismatch: p =>
    `${p.file}の画像は${p.images}枚、${p.labelFile}のラベルは${p.labels}個で、対応していません。`,
  sizesDiffer: p => `画像の大きさが一致しません（${p.file}は${p.size}、${p.other}は${p.otherSize}）。`,
  labelOutOfRange: p => `${p.file}に、クラスにないラベル（${p.label}）があります。`,
  oneClass: p => `${p.file}のラベルがすべて同じなので、学習できることがありません。`,

  testSplitOff: p =>
    `テスト用のデータがなかったので、各クラスから同じ割合で${p.test}枚をテスト用に取り分けました。プールは${p.pool}枚です。`,
  splitBySize: p => `枚数から判断して、${p.train}を学習用、${p.test}をテスト用としました。`,
  labelsRenumbered: p =>
    `ラベルが${p.first}から${p.last}だったので、${p.classes}クラスに番号を付け直しました。`,
  transposed: () => '画像がEMNISTのように縦横逆だったので、正しい向きに直しました。'
} satisfies Record<keyof typeof en.data, Say>
