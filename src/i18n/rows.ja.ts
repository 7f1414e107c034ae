/** The experiment table in Japanese. */
import type * as en from './rows.en.ts'

export const rows = {
  source: {
    label: 'データセット',
    help: '使う画像です。内蔵のデータセットはシードからこのブラウザ内で生成され、手持ちのファイルもブラウザの外には出ません。'
  },
  dataSeed: {
    label: 'データのシード',
    help: 'ビューにどの画像が入り、どのラベルが誤りになるかを決めます。シードを変えると、同じ種類の別の標本になります。'
  },
  poolSize: {
    label: 'プール',
    help: 'クエリの対象になる画像の枚数です。プールにない画像は、どの戦略にも選べません。'
  },
  testSize: {
    label: 'テストセット',
    help: '正解率を測るための画像です。学習にもクエリにも使われません。1,000枚なら、正解率90%の誤差はおよそ±2ポイントです。'
  },
  classes: {
    label: 'クラス',
    help: '実験に使うクラスです。減らすと問題はやさしく、学習は速くなります。似たクラスを2つだけ残すと難しい問題になります。'
  },
  imbalance: {
    label: 'クラスの偏り',
    help: 'プールのクラスごとの枚数がどのように減っていくかを決めます。テストセットは変わりません。'
  },
  imbalanceRatio: {
    label: '最小クラス：最大クラス',
    help: 'プールで最も少ないクラスと最も多いクラスの枚数の比です。0.1なら、最も少ないクラスの枚数は最も多いクラスの10分の1です。'
  },
  labelNoise: {
    label: '誤ったラベル',
    help: 'プールのラベルのうち、別のクラスに置き換える割合です。不注意なラベル付けを再現します。テストセットのラベルは正しいままです。'
  },
  duplicates: {
    label: '似た画像の重複',
    help: 'プールの画像のうち、ほかの画像をわずかに変えたコピーに置き換える割合です（動画のコマのような状況）。画像を1枚ずつ採点する戦略は、同じような画像を何度も選んでしまいます。'
  },
  initialSizes: {
    label: '初期セットの枚数',
    help: '最初のサイクルのラベル数です。まだネットワークがない状態で選ばれます（コールドスタート）。複数の枚数を並べて計算できます。'
  },
  selectors: {
    label: '初期セットの選び方',
    help: 'まだどのネットワークもラベルを見ていない段階で、初期セットを選ぶ規則です。複数を選ぶと、どの戦略もそれぞれの初期セットから始めて、グラフで比べられます。'
  },
  grid: {
    label: 'ラベル数の刻み',
    help: '正解率を測る位置です。「そろえる」はクエリ数の倍数で測るので、異なる初期セットの枚数を正確に比較できます。「論文どおり」は初期セットの枚数にクエリ数を足していきます。'
  },
  querySize: {
    label: 'クエリ数',
    help: '1サイクルで戦略がまとめて選ぶ枚数です。大きいほど計算は軽くなりますが、似た画像が増えます。'
  },
  budget: { label: 'ラベル予算', help: '最終的なラベル数です。初期セットを含みます。' },
  strategies: {
    label: 'クエリ戦略',
    help: 'クエリを選ぶ規則です。Randomは、ほかの戦略が上回るべき基準です。'
  },
  seeds: {
    label: 'シード数',
    help: '初期セットと重みの初期値を変えて、全体を何回繰り返すかです。3回ではほとんどの差は判定できません。まずは10回が目安です。'
  },
  firstSeed: {
    label: '最初のシード',
    help: 'シードはこの番号から順に使われます。シードの異なる実験は、独立した繰り返しになります。'
  },
  network: {
    label: 'ネットワーク',
    help: '畳み込み、ReLU、プーリングを3段重ね（チャンネル数は小が8-16-32、標準が16-32-64、大が32-64-128）、全結合層を2つ続けたものです。「小」は高速です。サンプルの計算には「標準」を使いました。'
  },
  epochs: {
    label: 'エポック数',
    help: '1回の学習でラベル付きセットを何周するかです。'
  },
  stepsFloor: {
    label: '最小ステップ数',
    help: '1回の学習で必ず行う最適化のステップ数です。エポック数だけで決めると、20枚から始めた場合は30ステップしか学習できず、ラベルとは関係のない理由で正解率が下がります。0にするとエポック数だけで決まります。'
  },
  learningRate: { label: '学習率', help: '最適化手法Adamの1ステップの大きさです。' },
  batchSize: { label: 'バッチサイズ', help: '最適化の1ステップで使う画像の枚数です。' },
  dropout: {
    label: 'ドロップアウト',
    help: '学習中に無作為に無効にする特徴の割合です。BALDなど、このマスクから不確かさを求める戦略は、0では使えません。'
  },
  augmentation: {
    label: 'データ拡張',
    help: '学習画像の変化のさせ方です。左右反転は、反転しても意味の変わらない画像向けです（数字には向きません）。'
  },
  mode: {
    label: '学習モード',
    help: '「最初から」では、サイクルごとに新しいネットワークを学習します。「ウォームスタート」では、前のサイクルの重みから学習を続けます。すばやく適応しますが、最初の少数のラベルから学んだことが重みに残り、Randomの結果も初期セットの枚数によって変わります。「微調整」と「線形評価」は、プールの画像からラベルなしで事前学習したエンコーダーを使います。微調整はネットワーク全体の学習をそこから続け、線形評価は最後の層だけを学習するので、ミリ秒で終わります。'
  },
  classWeights: {
    label: 'クラスの重み',
    help: '「均等」では、少ないクラスの画像ほど損失で重く数え、ラベル付きセットの全クラスの重みをそろえます。不均衡なプール向けです。'
  },
  pretraining: {
    label: '方法',
    help: 'エンコーダーがラベルなしでプールから学ぶ方法です。擬似的な課題：画像の向き（回転予測）、タイルの並び順（ジグソー）。対照：各画像をほかの画像と区別する（インスタンス識別、SimCLR、MoCo）。類似：同じ画像の2つのビューを近づける（SimSiam）。'
  },
  pretrainingViews: {
    label: '変化のさせ方',
    help: '画像をどう変えてよいかです。「記号」（数字や文字）：切り抜き、小さな回転、コントラスト（左右反転はしません）。「写真」：より小さな切り抜き、左右反転、カラーなら色も変えます。'
  },
  pretrainingEpochs: {
    label: 'エポック数',
    help: 'プール全体を何周するかです。SimSiamとインスタンス識別は多くの周回が必要で、MoCoは少なくてすみます。最近傍の正解率の曲線で、足りているかがわかります。'
  },
  pretrainingBatch: {
    label: 'バッチサイズ',
    help: '1ステップで使う画像の枚数です。SimCLRはバッチ内のほかの画像と区別するので大きいほうがよく、MoCoはキューがあるので小さくてもかまいません。'
  },
  pretrainingSeed: {
    label: 'シード',
    help: '1つのエンコーダーを、実験のすべてのシードで使います。ここを変えると別のエンコーダーになります。'
  }
} satisfies typeof en.rows

export const options = {
  imbalance: { none: 'なし', exponential: '指数的', step: '階段状' },
  grid: { aligned: 'そろえる', literal: '論文どおり' },
  network: { small: '小', reference: '標準', large: '大' },
  augmentation: { none: 'なし', shift: '平行移動', flip: '平行移動と左右反転' },
  mode: {
    scratch: '最初から',
    warm: 'ウォームスタート',
    fineTune: '事前学習＋微調整',
    linear: '事前学習＋線形評価'
  },
  classWeights: { none: 'なし', balanced: '均等' },
  pretraining: {
    rotation: '回転予測',
    jigsaw: 'ジグソー',
    instance: 'インスタンス識別',
    simclr: 'SimCLR',
    moco: 'MoCo',
    mocoV2: 'MoCo v2',
    simsiam: 'SimSiam'
  },
  pretrainingViews: { signs: '記号', pictures: '写真' }
} satisfies typeof en.options

export const synthetic = {
  digits: { name: '手書き風数字', about: '手書き風の数字。28×28、グレースケール、10クラス。' },
  shapes: {
    name: '図形',
    about: '色・模様・背景が紛らわしい図形。32×32、カラー、10クラス。難しめです。'
  }
} satisfies typeof en.synthetic

export const scopes = { view: 'データ', protocol: '実験手順', recipe: '学習方法' } satisfies typeof en.scopes

export const problems = {
  notANumber: () => '数値を入力してください。',
  notAnInteger: () => '整数を入力してください。',
  tooSmall: limit => `${limit}以上にしてください。`,
  tooLarge: limit => `${limit}以下にしてください。`,
  notAnOption: limit => (limit ? `次のいずれかにしてください：${limit}` : '選択肢にない値です。'),
  notAList: () => 'リストで指定してください。',
  emptyList: () => '少なくとも1つ必要です。',
  tooMany: limit => `一度に指定できるのは${limit}個までです。`,
  repeated: () => '同じ値は1度しか指定できません。',
  notASource: () => 'このページでは読み込めないデータセットです。',
  budgetBelowInitial: limit => `ラベル予算は、最大の初期セットの枚数（${limit}枚）以上にしてください。`,
  budgetAbovePool: limit => `プールには${limit}枚しかありません。`,
  oneClass: () => 'クラスは2つ以上必要です。',
  notAnObject: () => '実験の設定として読み取れません。'
} satisfies typeof en.problems
