/** What can be wrong with data files and views, and what an importer did, in Japanese. */
import type * as en from './data.en.ts'
import type { Say } from './notices.en.ts'

export const data = {
  tooFewImages: p =>
    `${p.part === 'test' ? 'テストセット' : 'プール'}に${p.needed}枚必要ですが、データセットには${p.available}枚しかありません。枚数を減らしてください。`,
  partTooSmall: p =>
    `${p.part === 'test' ? 'テストセット' : 'プール'}に残る画像は${p.left}枚です（${p.needed}枚必要）。テストに回す割合を変えるか、画像を増やしてください。`,
  tooFewOfClass: p =>
    p.part === 'test'
      ? `各クラス同数にするには、テスト用の「${p.name}」が${p.needed}枚必要ですが、データセットには${p.available}枚しかありません。テストセットを${p.largest}枚以下にしてください。`
      : `このクラスの偏りでは、プールに「${p.name}」が${p.needed}枚必要ですが、データセットには${p.available}枚しかありません。プールは最大${p.largest}枚まで作れます。`,
  noSuchClass: p =>
    `実験は${p.index}番目のクラスを使いますが、データセットのクラスは${p.classes}個です。クラスを選び直してください。`,
  badKnob: p => `データの設定が範囲外です（${p.knob}：${p.value}）。`,
  datasetMissing: p =>
    `データセット「${p.name}」はこのブラウザにありません。そのファイルをページにドロップしてください。`,
  importGone: () => '読み込んだ内容が残っていません。もう一度ファイルをドロップしてください。',

  noFiles: () =>
    'ドロップされた中にファイルがありません。データセットのファイル、またはそのフォルダーや圧縮ファイルをドロップしてください。',
  emptyFile: p => `${p.file}は空です。ダウンロードし直してください。`,
  unknownFormat: p =>
    `${p.file}は、このページが読み込める形式ではありません。IDX（MNIST）、CIFAR、NPZ・NPY、Parquet、画素値のCSV、クラス別の画像フォルダーかzipのいずれかで保存し直してください。`,
  mixedFormats: p => `${p.file}と${p.other}は形式が異なります。データセットは1つずつドロップしてください。`,
  damagedGzip: p => `${p.file}は壊れているか、途中で切れています（gzip）。ダウンロードし直してください。`,
  unreadable: p =>
    `ブラウザが${p.file}を読み込めませんでした。移動または変更された可能性があります。選び直してください。`,
  tooLarge: p =>
    `${p.file}は${p.megabytes} MBになります。受け付けられるのは${p.limit} MBまでです。画像を減らすか、小さくしてください。`,
  truncated: p =>
    `${p.file}は途中で切れています（本来${p.expected}バイト、実際は${p.found}バイト）。ダウンロードし直してください。`,
  trailingBytes: p =>
    `${p.file}は大きすぎます（本来${p.expected}バイト、実際は${p.found}バイト）。ダウンロードまたは保存し直してください。`,
  wrongByteOrder: p =>
    `${p.file}はバイト順が逆です。IDXファイルはビッグエンディアンなので、ヘッダーの数値を上位バイトから順に書き出してください（NumPyでは'>i4'）。`,
  unsupportedType: p =>
    `${p.file}の数値の型は${p.type}で、ここでは読み込めません。バイト（NumPyではuint8）で保存し直してください。`,
  unsupportedDimensions: p =>
    `${p.file}の配列は${p.dimensions}です。このページが読み込めるのは、ラベル（n）と画像（n×高さ×幅）です。この形で保存し直してください。`,
  unsupportedSize: p =>
    `${p.file}の画像は${p.height}×${p.width}です。1辺が${p.least}から${p.most}までの画像に対応しているので、その大きさで保存し直してください。`,
  noImages: p => `${p.file}には画像がありません。画像のあるファイルやフォルダーをドロップしてください。`,
  labelsMissing: p => `${p.file}に対応するラベルがありません。画像とラベルを一緒にドロップしてください。`,
  imagesMissing: p => `${p.file}に対応する画像がありません。画像とラベルを一緒にドロップしてください。`,
  tooManyFiles: p =>
    `画像のファイルが${p.images}個、ラベルのファイルが${p.labels}個あります。データセットは1つずつ（それぞれ2個まで）ドロップしてください。`,
  ambiguousSplit: p =>
    `${p.file}と${p.other}のどちらが学習用か、名前からも枚数からも分かりません。ファイル名に「train」「test」を入れてください。`,
  labelsCountMismatch: p =>
    `${p.file}の画像は${p.images}枚、${p.labelFile}のラベルは${p.labels}個で、対応していません。対応する組をドロップするか、両方を保存し直してください。`,
  sizesDiffer: p =>
    `画像の大きさが一致しません（${p.file}は${p.size}、${p.other}は${p.otherSize}）。同じデータセットのファイルだけをドロップするか、大きさをそろえてください。`,
  labelOutOfRange: p =>
    `${p.file}に、クラスにないラベル（${p.label}）があります。ラベルを直すか、その画像を取り除くか、そのクラスの学習用画像を加えてください。`,
  notCifar: p =>
    `${p.file}の大きさは${p.name}のファイルと同じですが、${p.classes}クラスにないラベル（${p.label}）があります。壊れているか別のファイルなので、ダウンロードし直してください。`,
  damagedParquet: p =>
    `${p.file}は壊れているか、途中で切れています（Parquet）。ダウンロードし直してください。`,
  unsupportedParquet: p =>
    `${p.file}には、このページが対応していないParquetの機能（${p.what}）が使われています。標準の設定（Snappy圧縮、暗号化なし）で保存し直してください。`,
  noImageColumn: p =>
    `${p.file}に画像の列がありません（列は${p.columns}）。PNGやJPEGの画像の列があるファイルをドロップしてください。`,
  raggedTable: p =>
    `${p.file}の${p.row}行目は${p.found}列ですが、それまでの行は${p.expected}列です。途中で切れている可能性があるので、ダウンロードし直してください。`,
  badNumber: p =>
    `${p.file}の${p.row}行目${p.column}列目の「${p.value}」は数値ではありません。値を直すか（クラスも番号で書きます）、その行か列を取り除いてください。`,
  notPixels: p =>
    `${p.file}は${p.columns}列です。このページが読み込めるのは、1行に正方形の画像（n×nのグレーまたはn×n×3のカラー）と、その前か後のラベルが並んだ表です。`,
  spriteLabels: p =>
    `${p.file}には${p.labels}枚分のラベルがありますが、スプライトの画像は${p.images}枚で、対応していません。対応する2つのファイルをドロップしてください。`,
  oneClass: p =>
    `${p.file}のラベルがすべて同じなので、学習できることがありません。別のクラスの画像も加えてください。`,
  tooManyClasses: p =>
    `${p.file}には${p.classes}クラスありますが、扱えるのは${p.most}クラスまでです。ファイル名がクラスになっている場合は、クラスごとのフォルダーに画像を分けてください。`,
  trainingMissing: p => `${p.file}にはテスト用の画像しかありません。学習用のフォルダーも加えてください。`,
  unlabelledTest: p =>
    `${p.file}：テスト画像にはラベルが必要ですが、ラベルのない画像があります。ラベルを付けるか、取り除いてください。`,
  multiLabel: p =>
    `${p.file}は1枚の画像に${p.columns}個のラベルを付けています。このページでは画像1枚につき1クラスです。別のデータセットを選んでください。`,
  badLabel: p =>
    `${p.file}に、0以上の整数でないラベル（${p.value}）があります。クラスに0、1、2…と番号を付けてください。`,
  badPixel: p =>
    `${p.file}に${p.value}という画素値があります。画素値は0〜255、または0〜1でなければなりません。値を直してから保存してください。`,
  unclearScale: p =>
    `${p.file}の画素値には小数があり、最大値は${p.most}です。0〜1または0〜255に直してから保存してください。`,
  scalesDiffer: p =>
    `${p.file}の画素値の最大は${p.most}、${p.other}の最大は${p.otherMost}で、範囲が違います。同じ範囲にそろえてから保存してください。`,
  badFeature: p =>
    `${p.file}に${p.value}という特徴量があります。特徴量は32ビットの有限な数値でなければなりません。NaNや無限大を取り除くか、値の範囲を直してください。`,

  encryptedArchive: p => `${p.file}にはパスワードがかかっています。展開して中身をドロップしてください。`,
  damagedArchive: p =>
    `${p.file}は壊れているか、途中で切れています。ダウンロードし直すか、圧縮し直してください。`,
  unsupportedCompression: p =>
    `${p.file}は特殊な方式（${p.method}）で圧縮されています。展開してフォルダーをドロップするか、普通のzipにしてください。`,
  nestedArchive: p =>
    `${p.file}は圧縮ファイルの中の圧縮ファイルです。外側を展開して中身をドロップしてください。`,
  unsafePath: p =>
    `${p.file}：圧縮ファイルの外を指す名前です。普通のソフトはこのような名前を作りません。展開して中身を確かめてください。`,
  tooManyEntries: p =>
    `${p.file}：ファイルが${p.entries}個ありますが、扱えるのは${p.most}個までです。画像を減らしてください。`,
  objectArray: p =>
    `${p.file}はPythonのオブジェクトの配列で、Pythonでしか開けません。images.astype('uint8')のように数値の型で保存してください。`,
  damagedArray: p => `${p.file}はNumPyのファイルとして壊れています。保存またはダウンロードし直してください。`,
  arraysNotFound: p =>
    `${p.file}に、画像とラベルの組になる配列がありません（中身：${p.keys}）。x_train、y_train、x_test、y_testのような名前にしてください。`,
  unsafePickle: p =>
    `${p.file}は、CIFARの配列以外のものを含むPythonのpickleです。pickleはプログラムを含みうるので開きません。numpy.savezで保存してください。`,
  damagedPickle: p => `${p.file}のpickleは壊れているか、途中で切れています。ダウンロードし直してください。`,
  damagedImage: p => `${p.file}は壊れていて画像として開けません。差し替えるか、取り除いてください。`,
  unknownImage: p => `${p.file}は開けない種類の画像です。PNGかJPEGで保存してください。`,
  imageTooLarge: p => `${p.file}は${p.width}×${p.height}画素で大きすぎます。先に縮小してください。`,
  needsBrowser: p => `${p.file}はブラウザでしか開けません。PNGに変換するか、ページで開いてください。`,

  splitBySize: p => `枚数から判断して、${p.train}を学習用、${p.test}をテスト用としました。`,
  labelsRenumbered: p =>
    `ラベルが${p.first}から${p.last}だったので、${p.classes}クラスに番号を付け直しました。`,
  labelColumnGuessed: p =>
    `${p.file}にはラベルと分かる列名がなく、最初の列も最後の列もラベルに見えるため、${p.column}列目をラベルとしました。違う場合は、表の先頭に列名の行（label, pixel0, pixel1, …）を付けてください。`,
  validationInPool: p => `検証用の${p.count}枚はプールに加えました。`,
  validationIsTest: p => `テスト用のデータがなかったので、検証用の${p.count}枚をテストセットにしました。`,
  unlabelledTestLeftOut: p => `ラベルのないテスト画像${p.count}枚を除きました。`,
  labelsFromTable: p => `ラベルは${p.file}から取りました。`,
  labelRowsRepeated: p =>
    `${p.file}には、複数の行に現れる名前が${p.count}個あります（最初は${p.name}）。最後の行を使いました。`,
  labelRowsWithoutImage: p =>
    `${p.file}には、対応する画像のない行が${p.count}行あります${p.name ? `（最初は${p.name}）` : ''}。これらの行は使いませんでした。`,
  imagesNotInTable: p =>
    `表にない画像が${p.count}枚あります（最初は${p.file}）。これらはラベルなしとしました。`,
  fitted: p => `画像の大きさを${p.side}×${p.side}にそろえました。`,
  imagesLeftOut: p => `開けなかった画像${p.count}枚を除きました（最初は${p.file}）。`,
  filesIgnored: p => `画像でない${p.count}個のファイルは読み飛ばしました（最初は${p.file}）。`,
  transparency: p => `${p.count}枚の画像の透明な部分は白になりました。`,
  canvasAltered: () =>
    'このブラウザは追跡防止のため画素値を変えるので、JPEG画像は読み込むたびに少し変わります。PNG画像は正確です。',
  transposed: () => 'EMNISTのように画像の行と列が入れ替わっていたため、元に戻しました。'
} satisfies Record<keyof typeof en.data, Say>
