/** The look inside a round, in Japanese. */
import type * as en from './rounds.en.ts'

export const rounds: typeof en.rounds = {
  heading: 'サイクルの中身',
  about: '各戦略がどの画像のラベルを求めたかを、クラスごとに見られます。',
  help: '1行が1つのクラスです。画像は、戦略が選んだ順に並びます。「今回」はこのサイクルで選ばれた枚数、「累計」はその時点でラベルが付いている枚数です。正解率は、このシード1回だけのテスト正解率で、このラベルを加える前と加えた後の値です。',
  helpFor: '見方',
  size: '初期セットの枚数',
  from: size => `初期${size}枚`,
  selector: '初期セットの選び方',
  seed: 'シード',
  round: 'サイクル',
  initial: size => `初期セット：${size}枚`,
  labels: (first, last) => `${first}〜${last}枚目のラベル`,
  initialOf: 'どの戦略でも同じ',
  classes: (asked, of) => `${of}クラス中${asked}クラス`,
  accuracy: after => `正解率${after}`,
  change: (before, after) => `正解率${before} → ${after}`,
  columns: { class: 'クラス', now: '今回', soFar: '累計' },
  others: (classes, images) => `ほか${classes}クラスから${images}枚`,
  none: 'リンクとサンプルには枚数だけが含まれ、どの画像が選ばれたかは含まれません。この実験をここで実行するか、結果ファイルを開くと、サイクルの中身を見られます。',
  gone: 'ページを再読み込みしたため、各サイクルの詳しい記録は残っていません。もう一度実行すると、サイクルの中身を見られます。',
  nothingYet: 'まだ何もラベル付けされていません。',
  otherImages: 'この結果の画像はこのブラウザにありません。画像の代わりに棒で表します。',
  csv: 'このサイクルをCSVで保存'
}
