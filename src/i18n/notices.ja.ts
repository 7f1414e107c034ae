/** Every notice and error in Japanese. */
import type * as en from './notices.en.ts'
import type { Say } from './notices.en.ts'

export const notices = {
  unknown: p => `問題が発生しました（${p.code}）。`,
  unexpected: p => `予期しない問題が発生しました：${p.message}`,

  // computing
  noAdapter: () => 'このブラウザではWebGPUを使えません。',
  wrongNumbers: () => '動作確認で正しく計算できなかった計算方式があり、使用しません。',
  noBackend: () => 'このブラウザで動作する計算方式がないため、計算できません。結果を見ることはできます。',
  lost: () => 'GPUとの接続が失われました。終わった分は残っています。',
  workerFailed: () => 'ワーカーが予期せず停止しました。終わった分は残っています。もう一度お試しください。',
  datasetMissing: () =>
    'このデータセットはこのブラウザにありません。ファイルをページにドロップしてください。',
  importGone: () => '読み込んだ内容が残っていません。もう一度ファイルをドロップしてください。',

  // storage
  quota: () =>
    'ブラウザの保存領域に空きがありません。データセットを削除するか、ディスクの空きを増やしてください。',
  refused: () => 'このブラウザでは保存が許可されていません。結果が残るのは、このタブを開いている間だけです。',
  corrupted: () => 'ブラウザに保存されていたデータが壊れています。削除して、もう一度読み込んでください。'
} satisfies Record<keyof typeof en.notices, Say>
