/** Every notice and error in Japanese. */
import { data } from './data.ja.ts'
import { downloads } from './hub.ja.ts'
import type * as en from './notices.en.ts'
import type { Say } from './notices.en.ts'

export const notices = {
  ...data,
  ...downloads,
  unknown: p => `問題が発生しました（${p.code}）。`,
  unexpected: p => `予期しない問題が発生しました：${p.message}`,

  // computing
  noAdapter: () => 'このブラウザではWebGPUを使えません。',
  wrongNumbers: () => '動作確認で正しく計算できなかった計算方式があったため、それは使用しません。',
  noBackend: () => 'このブラウザで動作する計算方式がないため、計算できません。結果を見ることはできます。',
  lost: () => 'GPUとの接続が失われました。終わった分は残っています。',
  workerFailed: () => 'ワーカーが予期せず停止しました。終わった分は残っています。もう一度お試しください。',
  deviceRestarted: () =>
    'GPUとの接続が切れたので、接続し直しています。途中だった学習は最初からやり直しますが、値は変わりません。',
  steppedDown: p =>
    `GPUとの接続が何度も切れました。ここからは${p.to === 'wasm' ? 'CPU上のWebAssembly' : p.to}で計算します。値がわずかに異なるため、実験は最初からやり直します。終わった分は保存されています。`,
  workerRestarted: () => 'ワーカーが停止したので、起動し直しました。最後に終わったサイクルから続けます。',
  diverged: p =>
    `学習が発散し（ラベル${p.labelCount}枚、シード${p.seed}）、損失が数値でなくなりました。学習率を下げてください。`,
  otherNumerics: () =>
    'ほかと計算結果が異なるワーカーがあったため、それは使用しません。数値環境の異なる曲線は混ぜません。',
  superseded: () => '準備が終わる前に、別の計算方式が選ばれました。',
  trainingFailed: p =>
    `学習に失敗しました（ラベル${p.labelCount}枚、シード${p.seed}）：${p.message}。終わった分は残っています。もう一度試すか、計算方式を変えてください。`,
  needsDropout: () =>
    '複数のドロップアウトマスクを使う戦略は、ドロップアウトが0では使えないため、除きました。',
  selectionFailed: p =>
    `初期セットを選べませんでした（${p.selector}）：${p.message}。もう一度試すか、別の選び方にしてください。`,
  needsImages: () =>
    'このデータセットは特徴量だけなので、画像を変化させる方法と、画像からラベルなしで学習する方法は除きました。',
  needsNetwork: () =>
    'ネットワークに何かを加えて学習する戦略は除きました。線形評価では、固定した特徴量の上の1層だけを学習します。',
  needsContrast: () =>
    'Making Your First Choiceに必要なデータセットマップは、SimCLR、MoCo、MoCo v2でしか作れないため、この選び方は除きました。「事前学習」で、このどれかを選んでください。',
  encoderKept: () =>
    'エンコーダーを保存し、「事前学習」の一覧に加えました。設定と画像が同じ実験で使われます。表示される正解率はファイルに書かれている値で、ここで測り直したものではありません。',
  encoderMissing: () =>
    'この設定のエンコーダーはここにありません。事前学習するか、同じ画像と設定で作ったエンコーダーのファイルを開いてください。',
  productMissing: () =>
    `このエンコーダーには、この画像について使える記録がありません。「事前学習」で削除すると、必要になったときに事前学習し直します。`,
  unlabelledLeftOut: () =>
    '固定した特徴量の上の線形層はラベルなし画像から学べないので、ラベルなし画像は使いません。半教師あり学習には、ほかの学習モードを選んでください。',
  pretrainingCancelled: () => '事前学習を中止しました。それを待っていた実験も止まりました。',
  pretrainingFailed: p => `事前学習に失敗しました：${p.message}`,
  numericsChanged: () =>
    '同じ学習を2度行って、同じ値になりませんでした。このブラウザの計算結果が以前と変わっています。以前の結果を削除するか、注意して扱ってください。',

  otherDataset: p =>
    `「${p.name}」は、その実験のデータセット「${p.wanted}」とは内容が異なります。実験のデータセットを、保存したものに切り替えました。`,

  // storage
  quota: () =>
    'ブラウザの保存領域に空きがありません。データセットを削除するか、ディスクの空きを増やしてください。',
  refused: () => 'このブラウザでは保存が許可されていません。結果が残るのは、このタブを開いている間だけです。',
  notStored: () =>
    '直前の結果を保存できませんでした。画面には残っています。タブを閉じる前に結果をダウンロードしてください。',
  corrupted: () => 'ブラウザに保存されていたデータが壊れています。削除して、もう一度読み込んでください。'
} satisfies Record<keyof typeof en.notices, Say>
