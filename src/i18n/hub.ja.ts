/** Data sets that one click downloads: their list, and what can go wrong on the way, in Japanese. */
import type * as en from './hub.en.ts'
import type { Say } from './notices.en.ts'

export const downloads = {
  downloadOffline: p =>
    `${p.file}をダウンロードできません。ブラウザがオフラインです。届いた分は残っているので、接続が戻ったら続きから再開してください。`,
  downloadUnreachable: p =>
    `${p.file}をダウンロードできません。${p.host}に接続できません（ファイアウォールや拡張機能が遮断している可能性があります）。後でもう一度試すか、ほかの方法でダウンロードして、ここにドロップしてください。`,
  downloadForbidden: p =>
    `${p.host}は、このページが${p.file}を読み込むことを許可していません。配布元のページからダウンロードして、ここにドロップしてください。`,
  downloadStatus: p =>
    `${p.file}を要求したところ、${p.host}がステータス${p.status}を返しました。後でもう一度試すか、配布元のページからダウンロードしてここにドロップしてください。`,
  downloadCut: p =>
    `${p.host}との接続が何度も切れました。${p.file}は${p.expected}バイトのうち${p.received}バイトまで届いています。後で続きから再開してください。`,
  downloadWrong: p =>
    `${p.host}から届いた内容が、公開されている${p.file}と一致しません（チェックサム）。使わずに破棄しました。もう一度試すか、配布元のページからダウンロードしてここにドロップしてください。`,
  linkDropped: p =>
    `ファイルではなく${p.host}へのリンクがドロップされました。このページが読み込めるのは一覧にある配布元だけです。ファイルをダウンロードして、ここにドロップしてください。`
} satisfies Record<keyof typeof en.downloads, Say>

export const catalogue: typeof en.catalogue = {
  heading: 'よく使われるデータセット',
  about: 'ブラウザが配布元から直接ダウンロードします。保存する前に中身を確認できます。',
  other: 'ほかのアドレスのファイルは、ダウンロードしてからこのページにドロップしてください。',
  facts: (shape, classes, pool, test) => `${shape} · ${classes}クラス · プール${pool}枚 · テスト${test}枚`,
  size: bytes => `約${bytes}`,
  licence: 'ライセンス：',
  noLicence: '記載なし',
  by: attribution => `作成：${attribution}`,
  page: '配布元のページ',
  get: '入手',
  getNamed: name => `${name}を入手`,
  resume: '再開',
  resumeNamed: (name, here) => `${name}のダウンロードを再開（${here}まで取得済み）`,
  open: '開く',
  openNamed: name => `ダウンロード済みの${name}を開く`,
  stop: '中止',
  stopNamed: name => `${name}のダウンロードを中止`,
  forget: '破棄',
  forgetNamed: (name, here) => `${name}の取得済みデータ（${here}）を破棄`,
  here: (here, total) => `${total}のうち${here}を取得済み`,
  complete: total => `ダウンロード済み（${total}）`,
  progress: name => `${name}のダウンロード`,
  fetching: (here, total) => `${here} / ${total}`,
  startsOver: 'この配布元は途中からの送信に対応していないため、中止すると最初からになります。',
  waiting: 'ダウンロードは1つずつです。',
  byHand: '自分でダウンロードして、ここにドロップしてください：',
  medical: 'MedMNIST：医用画像',
  medicalNote: '28×28のデータセットが11個。診療に使うためのものではありません。',
  sets: {
    mnist: '手書き数字',
    'fashion-mnist': '衣類と靴',
    kmnist: 'くずし字のひらがな',
    'cifar-10': '動物と乗り物の写真',
    pathmnist: '大腸組織の顕微鏡画像',
    dermamnist: '皮膚病変のダーモスコピー画像',
    octmnist: '網膜の断層画像（OCT）',
    pneumoniamnist: '小児の胸部X線画像',
    retinamnist: '眼底写真（重症度5段階）',
    breastmnist: '乳房の超音波画像',
    bloodmnist: '血液細胞の顕微鏡画像',
    tissuemnist: '腎臓細胞の顕微鏡画像',
    organamnist: '腹部臓器のCT（横断面）',
    organcmnist: '腹部臓器のCT（冠状断面）',
    organsmnist: '腹部臓器のCT（矢状断面）'
  }
}
