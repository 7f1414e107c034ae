/** The page's own words in Japanese. */
import type * as en from './page.en.ts'

export const page = {
  language: '日本語',
  title: 'DALプレイグラウンド',
  description:
    '深層能動学習で最良のクエリ戦略はどれか。その答えは初期セットにどれだけ左右されるか。学習も評価もこのブラウザの中で行います。',
  skip: '学習曲線へ移動',
  pair: (name, value) => `${name}：${value}`,
  sentences: (...all) => all.filter(Boolean).join(''),

  header: {
    dataset: 'データセットを変更',
    backend: '計算方式を変更',
    opening: '起動中…',
    noBackend: '計算できません',
    images: n => `${n}枚`,
    theme: '配色',
    themes: { system: 'システムに合わせる', light: 'ライト', dark: 'ダーク' },
    otherLanguage: '言語を切り替える',
    share: '共有',
    workers: n => `ワーカー${n}個`,
    software: 'ソフトウェア実行',
    backendHelp:
      'ネットワークの学習に使う計算方式です。正しく計算できるもののうち、最も速いものを選びます。異なる計算方式の曲線が混ざることはありません。',
    backends: { webgpu: 'WebGPU（GPU）', wasm: 'WebAssembly（CPU）', cpu: 'JavaScript（低速）' }
  },

  presenter: {
    enter: '発表モード',
    enterBy: '発表モード：後ろの席からも読めるように1画面で表示します（Alt+P）',
    leave: '終了',
    leaveBy: '元のページに戻る（Esc）',
    previous: '前のステップ（Page Up または ←）',
    next: '次のステップ（Page Down または →）',
    step: (n, of) => `${n} / ${of}`,
    charts: '表示するグラフ（↓ と ↑）',
    choices: { both: '両方', learning: '学習曲線', sensitivity: '初期セットの枚数' }
  },

  lead: {
    heading: '最良のクエリ戦略は、始め方でどこまで変わるか。',
    text: '能動学習では、ラベルを付ける価値のある画像をネットワーク自身が選びます。しかし最初にラベルを付ける画像（初期セット）は、ネットワークがまだ何も知らないうちに選ぶしかありません。これがコールドスタート問題です。初期セットの枚数を動かして、同じラベル数でどの戦略が最も伸びるかを確かめてください。学習はすべてこのブラウザの中で行われ、画像が外に出ることはありません。',
    begin: '初めての方はレッスンからどうぞ。'
  },

  dial: {
    heading: '初期セットの枚数',
    hint: '最初のサイクルのラベル数です。つまみを動かすか、数字を押してください。',
    legend: { done: '計算済み', partial: '一部計算済み', queued: '未計算' },
    value: (size, state) => `${size}枚、${state}`,
    handle: '初期セットの枚数',
    add: '別の枚数',
    addLabel: '追加する初期セットの枚数',
    addButton: '追加',
    cancel: 'キャンセル',
    remove: size => `${size}枚を削除`,
    toggle: size => `初期セット${size}枚`,
    keys: '矢印キーで移動、Shiftと矢印キーで1枚ずつ移動、Deleteキーで削除します。',
    raiseBudget: budget => `ラベル予算を${budget}枚にする`,
    abovePool: (size, pool) => `${size}枚はプールの枚数（${pool}枚）を超えています。`,
    raisePool: n => `プールとラベル予算を${n}枚にする`,
    last: '初期セットの枚数は少なくとも1つ必要です。'
  },

  run: {
    heading: '計算',
    demo: 'ここでデモを実行',
    demoHint: 'デモの内容：手書き風数字、初期セットの枚数2通り、戦略4つ、シード3個。1〜2分で終わります。',
    here: 'この実験をここで実行',
    goOn: 'この実験を続ける',
    cost: (n, _count, time) =>
      `この実験の学習は全部で${n}回${time && `、時間は約${time}`}です（ここで済んだ分は計算し直しません）。`,
    quicker: (how, n) => `手早く試す：${how.join('・')}（学習${n}回）`,
    withSeeds: n => `シード${n}個`,
    smallNetwork: 'ネットワーク「小」',
    toRun: '進み具合とボタンへ',
    fewSeeds: (n, count) =>
      `シード${n}個では、どの戦略が最良か${count === 1 ? '判定できません' : '判定できないことがほとんどです'}。シードを増やすと判定できることがあります。`,
    moreCost: (n, _count, time) => `追加の学習は${n}回${time && `、時間は約${time}`}です。`,
    moreSeeds: n => `シードを${n}個に増やす`,
    pause: '一時停止',
    resume: '再開',
    cancel: '中止',
    preparing: 'データセットとワーカーを準備しています…',
    paused: '一時停止中です。',
    finished: n => `完了しました（学習${n}回）。`,
    complete: 'この実験は、ここですべて計算済みです。',
    cancelled: '中止しました。終わった分は残っています。',
    failed: '計算が止まりました。理由はメッセージをご覧ください。終わった分は残っています。',
    waiting: '計算の準備を待っています…',
    pretraining: progress => `まずエンコーダーを事前学習します。${progress}`,
    left: (left, _count, time) => `残り${left}回` + (time && ` · あと約${time}`),
    progress: (done, total) => `学習 ${done} / ${total}回`,
    bar: '終わった学習',
    beside: (n, _count, all) =>
      `この実験の${all ? '学習' : '一部の学習'}はGPUに対応していないため、CPU上のWebAssembly（ワーカー${n}個）で計算しています。`,
    now: (what, labels, seed) => `${labels}枚で学習中：${what}、シード${seed}`,
    nowShared: (labels, seed) => `${labels}枚で学習中：全戦略に共通、シード${seed}`,
    nowCeiling: seed => `プール全体で学習中（上限）、シード${seed}`,
    nowArm: (strategy, size) => `${strategy}（初期${size}枚）`,
    nowMore: n => `ほか${n}件`,
    problems: rows => `正しくない設定があります（${rows}）。直すまで、変更は反映されません。`,
    edited: '表示中の曲線は、いまの設定とは別の実験のものです。',
    proposed: {
      link: 'このリンクの実験には結果が含まれていません。ここで実行してください。',
      file: 'このファイルの実験には結果が含まれていません。ここで実行してください。'
    },
    shared: {
      link: 'このリンクの実験には結果が含まれています。ここで実行すると、その結果を確かめられます。',
      file: 'このファイルの実験には結果が含まれています。ここで実行すると、その結果を確かめられます。'
    },
    elsewhere: '別の実験を計算しています。',
    thisOne: why => `いま設定している実験は実行できません：${why}`,
    back: 'その実験に戻る',
    instead: '代わりにこの実験を実行',
    stale: '表示中の曲線は、まだこの実験のものではありません。'
  },

  unfinished: {
    text: '中断した実験があります。終わった分は失われていません。',
    what: (data, sizes, seeds) => `${data}、初期セット${sizes.join('・')}枚、シード${seeds}個。`,
    elsewhere: 'この実験は別のタブで計算しています。',
    resume: '続きから再開',
    forget: '再開しない'
  },

  curves: {
    heading: '結果',
    empty: 'まだ曲線がありません。デモを実行するか、結果を開いてください。',
    again: '曲線を描き直す',
    selectors:
      '「·」の後ろは、初期セットの選び方です。ラベル数が初期セットの枚数に等しい位置では、違うのはそれだけです。青い線をそこに動かすと、選び方だけを比べられます。',
    training: traits => `学習：${traits}。`,
    classWeights: 'クラスの重みを均等に',
    unlabelled: method => `ラベルなし画像も使用（${method}）`,
    encoder: method => `エンコーダー：${method}。`,
    balancedTest: 'テスト画像は各クラス同数（balanced accuracy）。',
    majority: share => `いつも同じ答えでも、テスト画像の${share}で正解になります。`
  },

  pretraining: {
    heading: '事前学習',
    inUse: 'この実験で使うエンコーダー',
    notInUse: 'ラベルなしで作るエンコーダー',
    about:
      'プールの画像だけから、ラベルなしでエンコーダーを学習します。学習モードの「ファインチューニング」と「線形評価」ではここから学習を始め、クエリ戦略や初期セットの選び方のうち「エンコーダー」とあるものは、その特徴量で画像を比べます。データセットと設定ごとに一度だけ作り、このブラウザに保存します。',
    suggested: (epochs, batch, rate) =>
      `この方法に合う設定にする：${epochs}エポック、バッチ${batch}枚、学習率${rate}`,
    formula: '損失と出典',
    removeSure: name => `「${name}」を削除しますか？（必要になったときは、事前学習をやり直します）`,
    notHere:
      'この実験に必要なエンコーダーは、まだここにありません。実験を始めると事前学習します（画像と設定が同じなら同じエンコーダーになります）。保存されたエンコーダーのファイルを開くこともできます。',
    start: '事前学習を始める',
    made: '保存済みです',
    goOn: (epoch, epochs) => `続きから再開（全${epochs}エポック中${epoch}エポックまで完了）`,
    pause: '一時停止',
    resume: '再開',
    cancel: '中止',
    opening: method => `${method}：準備中…`,
    waiting: method =>
      `${method}：このブラウザの別のタブが同じエンコーダーを事前学習しています。できしだい、ここでも使います。`,
    progress: (method, epoch, epochs) => `${method}：${epoch} / ${epochs}エポック`,
    paused: progress => `${progress}（一時停止中）`,
    left: (progress, time) => `${progress}（残り約${time}）`,
    finished: (method, epoch, knn) => `${method}：${epoch}エポックで完了。kNN正解率は${knn}です。`,
    failed: method => `${method}：失敗しました。`,
    bar: '事前学習の進み具合',
    epoch: 'エポック',
    loss: '損失',
    knn: 'kNN正解率',
    spread: '広がり',
    knnHelp:
      'kNN正解率：プールの画像300枚のうち、特徴量の近い20枚の重み付き多数決でクラスが当たる割合です。ラベルはこの数値にだけ使います。広がり：特徴量があらゆる方向を向いていれば1、特徴量（または手法が比べる出力）が一方向につぶれていれば0です。',
    collapsed:
      '表現がつぶれています。ネットワークの出力がほぼすべての画像で同じになり、ここからは何も学べません。設定か方法を変えてください。',
    chart: (knn, spread) => `エポックごとのkNN正解率（現在${knn}）と広がり（現在${spread}）。`,
    numbers: '全エポックの数値',
    kept: '保存したエンコーダー',
    encoder: (method, size, network, epochs, batch) =>
      `${method}、${size}、ネットワーク${network}、${epochs}エポック、バッチ${batch}`,
    earlier: '以前のバージョンで作成したもの（必要になると作り直します）',
    export: name => `ファイルに保存：${name}`,
    remove: name => `削除：${name}`
  },

  strategies: {
    heading: 'クエリ戦略',
    partOf: (chosen, all) => `${all}件中${chosen}件`,
    include: name => `${name}：実験に含める`,
    hide: name => `${name}をグラフに表示しない`,
    show: name => `${name}をグラフに表示する`,
    about: name => `${name}の説明`,
    formula: 'スコア',
    source: '出典',
    category: '種類',
    cost: 'クエリにかかる計算',
    fails: '苦手な場面',
    baseline: 'Randomは外せません。ほかの戦略を比べる基準です。',
    unknown: id => `${id}（新しいバージョンの戦略）`,
    adds: '学習に加えるもの',
    batch: 'クエリ数',
    prefix: 'クエリ数を増やすと、少ないときに選ばれる画像に、さらに画像が加わります。',
    notPrefix: 'クエリ数を変えると、別の画像が選ばれることがあります。',
    sizes: '枚数とシード',
    nested: '枚数の多いセットは、少ないセットをすべて含みます。',
    notNested: '枚数を変えると、別のセットになります。',
    sameForSeeds: 'どのシードでも同じセットです。'
  },

  settings: {
    heading: '実験手順',
    more: '詳しい設定',
    help: label => `${label}の説明`,
    suggestions: label => `${label}のよく使う値`,
    reset: '初期設定に戻す',
    featuresLinear: 'このデータセットは特徴量だけなので、どのモードでもその上の1層だけを学習します。'
  },

  data: {
    heading: 'データセット',
    choose: 'データセットを選ぶ',
    dropHere: 'データのファイル、結果ファイル（分割したものも可）をドロップ',
    sheet: name => `${name}の例（1行に1クラス）`,
    histogram: 'プール内のクラスごとの枚数',
    histogramOf: (name, n) => `${name}：${n}枚`,
    sizes: (pool, test) => `プール${pool}枚・テスト${test}枚`,
    shape: (height, width, channels) => `${height}×${width}×${channels}`,
    features: d => `特徴量（各${d}次元）`,
    loading: '画像の例を準備しています…'
  },

  result: {
    heading: 'この結果について',
    terms: 'ここで使う用語の説明',
    help: 'フィンガープリントは、画像とラベルから計算したハッシュ値です。一致すれば、データは同じです。ビューは、データセットに実験の設定（プールの枚数、クラスの偏り、誤ったラベルなど）を適用したものです。数値環境は、ブラウザの計算のしかたを表します。そのID（numericsId）は、決まった短い学習を行ったあとの重みのハッシュ値です。IDが同じブラウザでは完全に同じ値になり、異なるブラウザでは近い値になります。',
    origins: {
      lesson: 'レッスン：このアプリで事前に計算した結果です。',
      sample: 'サンプル：このアプリであらかじめ計算した結果です（標準ネットワーク、10シード）。',
      live: 'このブラウザで計算した結果です。',
      link: 'リンクで共有された結果です。',
      file: 'ファイルから開いた結果です。'
    },
    unchecked: '数値は検証されていません。確かめるには再実行してください。',
    short: { lesson: 'レッスン', sample: 'サンプル', live: 'ここで計算', link: 'リンク', file: 'ファイル' },
    startAgain: {
      lesson: 'レッスンの設定に戻す',
      sample: 'サンプルの設定に戻す',
      live: '変更を取り消す',
      link: 'リンクの設定に戻す',
      file: 'ファイルの設定に戻す'
    },
    bringBack: '変更した設定に戻る',
    keepBeside: 'この曲線を比較用に残す',
    kept: name => `細い線は比較用に残した曲線です（${name}）。`,
    keptNot: {
      same: 'このタブで比較用に残しています。設定を変えて計算すると（自動で始まらないときは実行してください）、両方の曲線を重ねて見られます。',
      otherImages: '比較用に残した曲線は別の画像のものなので、ここには表示しません。',
      apart: '比較用に残した曲線には、ここと同じ戦略と初期枚数の組み合わせがありません。'
    },
    keptBare:
      '一方の結果にテスト画像ごとの正誤が含まれていないため、シードごとの差は計算できません。ここで実行すると計算できます。',
    unkeep: '比較をやめる',
    noDifference: '同じ実験',
    view: (data, fingerprint) => `${data}（ビュー ${fingerprint}）`,
    madeOf: of =>
      `${of.view}、プール${of.pool}枚、クエリ数${of.querySize}、ラベル予算${of.budget}枚、ネットワーク${of.network}、シード${of.seeds}、数値環境 ${of.numerics}`,
    shown: '表示する結果',
    dataset: 'データ',
    whose: {
      dataset: fingerprint => `データセットの${fingerprint}`,
      view: fingerprint => `ビューの${fingerprint}`
    },
    numerics: '数値環境',
    missingSeeds: '試行のないシード',
    incomplete: '未完了',
    download: '結果をダウンロード',
    open: '結果を開く',
    bare: 'ページを再読み込みしたため、各サイクルの詳しい記録は残っていません。もう一度実行すると、記録もファイルに入ります。',
    opened: (files, what, results) =>
      `${files}から${results ? '結果' : '実験（結果なし）'}を開きました：${what}`,
    rerun: 'ここで再実行',
    cannotRun: 'ここでは実行できません：',
    unknown: names =>
      `このバージョンが対応していない項目があります（${names}）。ページを再読み込みして、新しいバージョンでお試しください。`,
    missing: name => `データセット「${name}」がこのブラウザにありません。`,
    tooLarge: (part, asked, available) =>
      `${part}が${asked}枚になっていますが、データセットには${available}枚しかありません。設定で減らしてください。`,
    tooMany: (trainings, limit) =>
      `学習が${trainings}回になります（上限は${limit}回）。初期セットの枚数、クエリ戦略、シードのどれかを減らすか、クエリ数を大きくしてください。`,
    refused: {
      selectors: list => `初期セットの選び方がどれも使えません。${list}。`,
      strategies: list => `クエリ戦略がどれも使えません。${list}。`
    },
    because: (name, why) => `${name}：${why}`,
    otherNumerics: 'このブラウザは数値環境が異なるため、再実行した値は近くなりますが、完全には一致しません。',
    sameNumerics:
      'このブラウザは数値環境が同じです。この結果が正しければ、再実行するとまったく同じ値になります。一致するかどうかは自動で確かめます。'
  },

  agreement: {
    sources: { link: 'リンク', file: 'ファイル', lesson: 'レッスン', sample: 'サンプル' },
    same: (again, said, all, source, whole) => {
      const where = `すべて${source}の値と${whole ? 'テスト画像1枚ごとの正誤まで' : ''}一致しています`
      return all
        ? `このブラウザで計算した全${said}点は、${where}。`
        : `このブラウザでここまでに計算した${again}点（全${said}点中）は、${where}。`
    },
    unlike: (unlike, again, source) =>
      `このブラウザで計算した${again}点のうち${unlike}点が、${source}の値と一致しません。内容が書き換えられたか、別のバージョンで計算された可能性があります。`,
    first: (line, size, seed, labels) =>
      `最初の不一致：${line}（初期${size}枚）、シード${seed}、ラベル${labels}枚。`,
    otherData: 'データのフィンガープリントがここのものと異なります。',
    otherCeiling: '上限の値が異なります。'
  },

  share: {
    heading: '共有',
    experiment: '実験の設定だけ',
    experimentHint: '開いた人は、同じ手順で実行できます。',
    results: '結果も含める',
    resultsHint: '開いた人は、すぐにこの曲線を見られます。',
    partial: (there, points) =>
      `結果はまだ途中です（全${points}点中${there}点）。リンクに入るのは、いまある分だけです。`,
    resultsOther: (origin, what) =>
      `変更した設定は含まれません。表示中の結果（${origin}：${what}）とその実験のリンクになります。`,
    copy: 'リンクをコピー',
    copied: 'コピーしました。',
    copyFailed: 'ブラウザの制限でコピーできませんでした。リンクを選択してコピーしてください。',
    length: n => `${n}文字。`,
    long: 'チャットには長すぎるかもしれません。結果ファイルで渡すほうが確実です。',
    none: '共有できる結果がまだありません。',
    invalid: '正しくない設定はリンクに含まれません。',
    working: 'リンクを作成しています…',
    close: '閉じる',
    link: 'リンク'
  },

  notices: { heading: 'メッセージ', dismiss: '閉じる' },
  footer: {
    about: '学習はTensorFlow.jsを使ってこのブラウザの中で行います。サーバーもアカウントも使いません。',
    offline: 'オフラインでも使えます。',
    version: version => `バージョン ${version}`
  }
} satisfies typeof en.page
