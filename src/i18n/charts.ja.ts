/** The words of the charts in Japanese. */
import type * as en from './charts.en.ts'

type Group = Parameters<typeof en.charts.summary.above>[1][number]
type Loss = Parameters<typeof en.charts.summary.startLoss>[0][number]
type Detectable = Parameters<typeof en.charts.sensitivity.detectable>[0][number]
type SeedRange = Parameters<typeof en.charts.learning.subtitle>[0]

const over = ({ least, most }: SeedRange) =>
  most > 1
    ? `${least < most ? `${least}〜${most}` : most}シードの平均と95%信頼区間`
    : '1シードのみ（信頼区間・判定なし）'
const atMost = ({ limit }: Loss) => (limit === undefined ? '0' : `最大${limit}ポイント`)
const groups = (list: Group[]) => list.map(g => `初期${g.initialSizes}枚では${g.strategies}`).join('、')

export const charts = {
  learning: {
    title: '学習曲線',
    subtitle: n => `ラベル数に対するテストセットの正解率。${over(n)}`,
    chart:
      '学習曲線。左右の矢印キーでラベル数、上下の矢印キーで戦略、Page UpとPage Downでパネルを移動します。',
    slider: '比較するラベル数',
    help: '点は、そのラベル数で学習したときのテストセットの正解率（シードの平均）です。帯はその平均の95%信頼区間（シード間のばらつきからスチューデントのt分布で計算）です。灰色の部分は、まだクエリをしていない初期セットです。「対数誤差」は誤り率の対数で目盛りを取ります。90%から95%までと95%から97.5%までが同じ幅になり、高い正解率での差が見やすくなります。戦略の比較は青い線の位置で行います。線を動かすと、別のラベル数で比べられます。パネルの上にポインターを置くと数値が出ます。',
    hint: '青い線は動かせます。',
    cutBands: '枠に接している帯は、枠の外まで続いています。信頼区間の全体は数値の表にあります。',
    fewSeeds: seeds =>
      `帯は${seeds}シード以上で描きます。2シードの信頼区間からは、ほとんど何も言えません。値は数値の表にあります。`,
    focusedBands:
      '信頼区間の帯をすべて重ねると線が見えなくなるため、ポインターを置いた線の帯だけを表示します。すべての値は数値の表にあります。',
    noBands: '信頼区間の帯は線を隠してしまうため省いています。すべての値は数値の表にあります。'
  },
  sensitivity: {
    title: labels => `初期セットの枚数と正解率（ラベル${labels}枚の時点）`,
    subtitle: n => `初期セットの枚数が各戦略に与える影響。${over(n)}`,
    chart:
      '初期セットの枚数ごとの正解率。左右の矢印キーで初期セットの枚数、上下の矢印キーで戦略を移動します。',
    help: 'どの点もラベル数は同じで（上の青い線の位置）、そのうち最初のクエリより前に選んだ枚数だけが違います。線が右下がりなら初期セットが大きいほど、右上がりなら小さいほど、正解率が下がっています。最良の戦略を判定できた枚数では、その戦略名を下に示します。縦棒は各点の95%信頼区間です。差は同じシードどうしを比べて判定するため、縦棒が重なっていても差があると判定されることがあります。',
    best: strategy => `最良：${strategy}`,
    either: (a, b) => `${a}か${b}`,
    undecided: '判定できず',
    undecidedSign: '？',
    sameTraining: '同じ学習',
    noVerdict: '判定なし',
    notMeasured: '未計測',
    detectable: ([first, ...others]: Detectable[]) =>
      `首位の戦略と別の戦略の間に実際に約${first.difference}ポイントの差があれば、${first.seeds}シードでは5回に4回の割合で差があると判定できます${others.length ? `（${others.map(d => `${d.seeds}シードなら約${d.difference}ポイント`).join('、')}）` : ''}。差が小さいほど「判定できず」になりやすくなります。`,
    randomFlat: 'Randomは、ラベル数が同じなら初期セットの枚数によらず同じ学習になるため、必ず水平です。',
    randomFlatAmong: line =>
      `${line}は、ラベル数が同じなら初期セットの枚数によらず同じ学習になるため、必ず水平です。ほかの選び方の初期セットから始めるRandomは、初期セットが大きいほどRandomで選ばれる画像が減るため、水平とは限りません。`,
    fewSeeds: seeds =>
      `縦棒は${seeds}シード以上で描きます。2シードの信頼区間からは、ほとんど何も言えません。値は数値の表にあります。`,
    focusedBars:
      '信頼区間の縦棒をすべて重ねると線が見えなくなるため、ポインターを置いた線の縦棒だけを表示します。すべての値は数値の表にあります。',
    noBars: '信頼区間の縦棒は線を隠してしまうため省いています。すべての値は数値の表にあります。',
    cutBars: (cut, all) =>
      `矢印：信頼区間${all}本のうち${cut}本は軸の外まで続いています。両端の値は数値の表にあります。`
  },
  ghost: name => `細い線：比較用に残した曲線（${name}）。`,
  labels: 'ラベル数',
  initialSize: '初期セットの枚数',
  from: initialSize => `初期${initialSize}枚`,
  countOfLabels: labels => `ラベル${labels}枚`,
  ceiling: (labels, accuracy) => `上限（全${labels}枚）：${accuracy}`,
  ceilingShort: accuracy => `上限：${accuracy}`,
  hiddenLine: name => `${name}（非表示）`,
  belowRandomAt: labels => `ラベル${labels}枚の時点でRandomを下回る`,
  provisional: 'まだシードがそろっていない点',
  mixed: (used, others) =>
    `数値環境の異なる試行があり、混ぜずに扱います。${used}試行を表示し、残りの${others}試行は除いています。`,
  reading: r =>
    `${r.strategy}、初期${r.initialSize}枚、ラベル${r.labels}枚：${r.mean}${r.low ? `、${r.low}〜${r.high}` : ''}、${r.seeds}シード${r.area ? `、ここまでのAUBC ${r.area}` : ''}${r.kept ? `、残した曲線 ${r.kept}` : ''}`,
  kept: mean => `残した曲線：${mean}`,
  range: (low, high) => `${low}〜${high}`,
  seeds: n => `${n}シード`,
  summary: {
    empty: 'まだ計測結果がありません。',
    silent: labels => `ラベル${labels}枚の時点では、まだ何も判定できません（2シード以上が必要です）。`,
    single: labels => `ラベル${labels}枚の時点で比べる戦略がありません。結果がある戦略は1つだけです。`,
    sameTraining: labels =>
      `ラベル${labels}枚の時点では、まだ一度もクエリをしていないので、どの戦略でも学習は同じです。`,
    sameSet: labels =>
      `ラベル${labels}枚の時点では、どの戦略も同じ画像にラベルを付けているので、学習は同じです。`,
    noBaseline: labels => `ラベル${labels}枚の時点にはRandomの結果がなく、比べられません。`,
    apart: labels =>
      `ラベル${labels}枚の時点では、戦略どうしに共通のシードが2つ以上ないため、何も判定できません。`,
    withoutSums: labels =>
      `ラベル${labels}枚の時点では判定できません（判定に必要なテスト画像ごとの集計が、この結果に含まれていません）。`,
    above: (labels, list) => `ラベル${labels}枚の時点でRandomを上回る戦略：${groups(list)}。`,
    below: list => `Randomを下回る戦略：${groups(list)}。`,
    belowAt: (labels, list) => `ラベル${labels}枚の時点でRandomを下回る戦略：${groups(list)}。`,
    noneDiffers: labels => `ラベル${labels}枚の時点で、Randomと差があると判定できる戦略はありません。`,
    whichRandom: ({ strategies, random }) =>
      (strategies ? '各戦略と比べているのは、同じ初期セットから始めたRandomです。' : '') +
      (random
        ? '選び方を変えた初期セットから始めたRandomは、無作為な初期セットから始めたRandomと比べています。'
        : ''),
    best: (labels, list) =>
      `ラベル${labels}枚の時点で最良の戦略：${list.map(g => `初期${g.initialSizes}枚では${g.strategies}`).join('、')}。`,
    cannotTell: initialSizes => `初期${initialSizes}枚では判定できません。`,
    cannotTellAt: (labels, initialSizes) =>
      `初期${initialSizes}枚では、ラベル${labels}枚の時点でどれが最良か判定できません。`,
    running: list => `最良の候補：${groups(list)}。`,
    startMatters: (list, more) =>
      `初期セットの枚数が影響しています：${list.map(s => `${s.strategy}の正解率は、初期${s.initialSize}枚のほうが初期${s.best}枚より低い［差 ${s.difference}ポイント］`).join('、')}${more ? `、ほか${more}件は数値の表にあります` : ''}。`,
    startOpen: '初期セットの枚数が影響すると判定できる戦略はありません。',
    startLoss: ([first, ...others]: Loss[], line, more) =>
      `${line === undefined ? 'どの戦略でも' : `${line}では`}、最良の初期枚数と比べた正解率の低下は、初期${first.initialSize}枚なら${atMost(first)}です（${others.map(loss => `初期${loss.initialSize}枚なら${atMost(loss)}、`).join('')}${more ? `ほか${more}件は数値の表、` : ''}信頼度95%）。`,
    ceiling: (labels, accuracy, n) => `上限（プール${labels}枚すべてで学習）：${accuracy}（${n}シード）。`
  },
  controls: {
    scale: '目盛り',
    logError: '対数誤差',
    plain: '線形',
    facet: 'パネル',
    byInitial: '初期枚数ごと',
    byStrategy: '戦略ごと',
    showSeeds: '各シード',
    strategies: '表示する戦略',
    panels: (first, last, of) => `パネル${first}〜${last}（全${of}枚）`,
    previousPanels: '前のパネル',
    nextPanels: '次のパネル',
    help: title => `読み方：${title}`,
    download: 'ダウンロード',
    filesOf: title => `ダウンロード：${title}`,
    showNumbers: '数値を表示',
    hideNumbers: '数値を隠す',
    svg: 'SVG',
    png: 'PNG',
    csv: 'CSV'
  },
  table: {
    strategy: 'クエリ戦略',
    ceiling: '上限',
    initialSize: '初期セットの枚数',
    labels: 'ラベル数',
    seeds: 'シード',
    accuracy: '正解率',
    interval: '95%信頼区間',
    classes: 'ラベルのあるクラス数',
    area: 'AUBC（ここまで）',
    areaMeans:
      'AUBC（予算曲線の下の面積）：初期セットからその行のラベル数までの正解率を、追加したラベルについて平均した値です（台形則の面積を幅で割ったもの、Zhan et al. 2022）。比べられるのは、初期セットの枚数が同じ線どうしだけです。',
    baseline: '比較相手',
    overPairs: (difference, seeds) => `${difference}、${seeds}`,
    difference: 'Randomとの差（ポイント）',
    adjusted: 'p値（補正後）',
    verdict: '判定',
    ghost: '残した曲線',
    overGhost: '残した曲線との差（ポイント）',
    againstBest: '最良の初期枚数との差（ポイント）',
    bestSize: '最良',
    sizeAdjusted: 'その差のp値（補正後）',
    sizeMeans:
      '最良の初期枚数との差のp値は、途中で何度も結果を見ること、最良の枚数を選んだこと、この表のすべての線と枚数を同時に比べることについて補正しています。',
    lossLimit: '最良の初期枚数からの低下の上限（ポイント）',
    lossMeans:
      '「最良の初期枚数からの低下の上限」は、本当に最良の枚数がどれであっても成り立つ、真の差に対する上限です（最良との多重比較、Hsu 1981）。シード間の差がほぼ正規分布に従うなら、この表のすべての線と枚数について同時に、シードを増やしながら何度結果を見ても、95%の信頼度で成り立ちます。',
    fromBest: (difference, size) => `${difference}、初期${size}枚と比較`,
    verdictMeans:
      '判定は補正後のp値によります（0.05未満なら差があると判定します）。差のp値を、同じ初期枚数でRandomと比べるすべての線（非表示の線も含む）についてHolmの方法で補正し、さらに「途中で何度も結果を見ること」について補正した値です。シードが増えるたびに結果を見て、都合のよい判定が出たところでやめると、差がなくても4回に1回は「差がある」と出てしまいます。この補正により、何度見ても、いつやめても、その割合は20回に1回以下です。差の信頼区間は1つの比較を1度だけ見たときのものです。そのため、区間が0を含まなくても「判定できず」となることがあります。',
    verdicts: {
      aboveRandom: 'Randomを上回る',
      belowRandom: 'Randomを下回る',
      undecided: '判定できず',
      sameTraining: '同じ学習',
      noVerdict: '判定なし'
    }
  }
} satisfies typeof en.charts
