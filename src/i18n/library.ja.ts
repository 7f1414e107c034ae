/** Importing, keeping and finding data sets, in Japanese. */
import type { library as en } from './library.en.ts'

export const library = {
  import: {
    heading: 'このデータでよろしいですか？',
    readingHeading: '読み込み中',
    failedHeading: '読み込めませんでした',
    name: '名前',
    noName: 'データセットの名前を入力してください。',
    reading: file => (file ? `${file}を読み込んでいます…` : 'ファイルを読み込んでいます…'),
    storing: '保存しています…',
    left: time => `残り約${time}`,
    progress: '進み具合',
    cancel: 'キャンセル',
    close: '閉じる',
    keep: '保存して使う',
    keepOnly: '保存する',
    use: 'このデータを使う',
    useOnly: 'このタブに置いておく',
    useInTab: 'このタブだけで使う',
    inTabHint:
      'データは失われていません。空きを作ってやり直してください。このタブを閉じるまでは、そのまま使うこともできます。',
    remarks: '備考',
    classes: n => `クラス：${n}個`,
    classesHint: '名前は変更できます。',
    className: c => `クラス${c}の名前`,
    counts: (pool, test) => `プール${pool}枚、テスト${test}枚`,
    lopsided: (name, share, setting) =>
      `常に「${name}」と答えるだけで、テストセットの${share}で正解になります。設定「${setting}」で、どのクラスも同じ重みにできます。`,
    nameMissing: 'クラスの名前を入力してください。',
    nameTwice: name => `「${name}」という名前のクラスが2つあります。別々の名前にしてください。`,
    moreClasses: n => `残り${n}個を表示`,
    examplesOf: name => `${name}の例`,
    unlabelled: 'ラベルなし',
    unlabelledCount: n =>
      `ラベルのない画像が${n}枚あります。ほかの画像とともに保管し、書き出しもしますが、実験にはそれ以外を使います。`,
    onlyUnlabelled: n =>
      `${n}枚の画像のどれにもラベルがありません。実験にはラベルが必要です。ラベルの表（labels.csv：ファイル名とラベル）を添えるか、クラス名のフォルダーに画像を分けてください。`,
    test: 'テストセット',
    testGiven: 'ファイルのとおり',
    testDrawn: '新しく選ぶ',
    testShare: '各クラスからの割合',
    testHint: 'どのクラスからも同じ割合で選びます。テスト画像は学習にもクエリにも使いません。',
    amount: '枚数',
    all: n => `すべて（${n}枚）`,
    most: '上限を決める',
    mostLabel: '枚数の上限',
    mostHint: '各クラスから同じ割合で選びます。',
    seed: 'シード',
    size: '画像の大きさ',
    sizeHint: '変更すると、ファイルを読み込み直します。',
    side: '画素数',
    sideAsIs: 'そのまま',
    fit: '形',
    fits: { crop: '中央を切り抜く', pad: '黒い余白を付ける', stretch: '引き伸ばす' },
    colour: '色',
    colours: { asIs: 'そのまま', grey: 'グレースケール', colour: 'カラー' },
    stored: '保存する内容',
    storedTab: 'メモリに置く内容',
    shape: (height, width, channels) => `${height}×${width}×${channels}`,
    features: d => `特徴量（各${d}次元）`,
    sizes: (pool, test) => `プール${pool}枚・テスト${test}枚`,
    bytes: bytes => `${bytes}をこのブラウザに保存します`,
    bytesTab: bytes => `${bytes}（このブラウザでは保存が許可されていないため、タブを閉じると消えます）`
  },

  sets: {
    stored: '保存したデータセット',
    storedTab: '読み込んだデータセット（このタブを開いている間だけ）',
    use: name => `${name}を使う`,
    rename: name => `${name}の名前を変更`,
    newName: '新しい名前',
    save: '保存',
    cancel: 'キャンセル',
    export: name => `${name}をファイルに保存`,
    exporting: share => `書き出し中 ${share}`,
    remove: name => `${name}を削除`,
    removeSure: (name, bytes) => `「${name}」（${bytes}）をこのブラウザから削除しますか？`,
    removeYes: '削除する',
    removeNo: '残す',
    used: bytes => `このブラウザで${bytes}を使用`,
    usedTab: bytes => `メモリを${bytes}使用（このタブを閉じると消えます）`,
    inTab: 'このタブだけ',
    unlabelled: n => `ラベルなし${n}枚`,
    noLabels: 'ラベルがないため、まだ実験には使えません',
    features: d => `特徴量${d}次元`
  },

  files: 'ファイルを選ぶ',
  folder: 'フォルダーを選ぶ',
  gathering: n => `フォルダーの中を調べています（ファイル${n}個）…`,
  hint: 'ファイル、フォルダー、圧縮ファイルを、このページにドロップするか貼り付けても読み込めます。データがブラウザの外に出ることはありません。',

  classes: {
    all: n => `すべて（${n}個）`,
    some: (n, all) => `${all}個のうち${n}個`,
    takeAll: 'すべてのクラス',
    toggle: name => `${name}を使う`
  },

  missing: {
    text: name => `この実験のデータセット「${name}」は、このブラウザにありません。`,
    curves: '曲線はそのまま見られます。もう一度実行するにはデータセットが必要です。',
    fingerprint: 'フィンガープリント',
    get: '用意する',
    how: name => `この実験を実行するには、「${name}」を用意してください`,
    drop: name =>
      `「${name}」のファイルをこのページにドロップするか、ここで選んでください。学習用とテスト用の分け方と画像の大きさは、リンクを送った人と同じにしてください。フィンガープリントが一致すれば、実験を実行できます。`
  }
} satisfies typeof en
