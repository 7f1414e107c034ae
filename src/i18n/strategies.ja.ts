/** Every query strategy in Japanese. */
import type * as en from './strategies.en.ts'

export const strategies = {
  random: {
    name: 'Random',
    idea: '何も考えずに無作為に選びます。これが基準です。Randomを上回らない戦略は、計算時間をかけて何も得ていないことになります。ここでは初期セットと同じ抽選順の続きを使うので、ラベル数が同じなら初期セットの枚数によらず同じ結果になります。',
    fails:
      '失敗することはありませんが、ばらつきます。シードが少ないと、Random自身のばらつきがほかの戦略との差より大きいことがよくあります。'
  },
  leastConfidence: {
    name: 'Least confidence',
    idea: '最も確率の高いクラスの確率が低い画像を選びます。ネットワークが自分の答えに最も自信のない画像です。',
    fails:
      '似た画像が多いと、同じような画像ばかり選びます。また、ラベルが20枚ほどの初期には、自信の度合い自体があてになりません。'
  },
  margin: {
    name: 'Margin',
    idea: '確率が1位と2位のクラスの差が小さい画像を選びます。ネットワークが2つの答えの間で迷っている画像です。',
    fails:
      '画像を1枚ずつ採点する方法に共通して、選んだ画像どうしが似てしまいます。また、上位2クラス以外は考慮しません。'
  },
  entropy: {
    name: 'Entropy',
    idea: '予測した確率分布が最も平らな画像を選びます。全クラスを通して、ネットワークが最も分かっていない画像です。',
    fails:
      'クラスが多いと、小さな迷いの積み重ねが本当の迷いと同じ重みになります。ラベルが少ないうちは外れ値を追いかけ、難しいデータではRandomを下回ることがよくあります。'
  },
  bald: {
    name: 'BALD',
    idea: '少しずつ異なる20個のネットワーク（ドロップアウトのマスク）に尋ね、それぞれは自信があるのに答えが食い違う画像を選びます。そこにラベルを付けると、重みについて最も多くのことが分かります。',
    fails:
      'ドロップアウトがないと20個がすべて同じになります。また、クエリ数が大きいと、同じ種類の画像を繰り返し選びます。'
  },
  kCenter: {
    name: 'k-center',
    idea: 'プール全体をまんべんなく覆います。ネットワーク自身の特徴空間で、ラベル付きの画像から最も遠い画像を1枚ずつ選んでいきます。',
    fails: '外れ値はどこからも遠いので、真っ先に選ばれます。また、初期の特徴はほとんど雑音と変わりません。'
  },
  consistency: {
    name: 'Consistency',
    idea: '画像を上下左右に1画素ずつ動かし、予測が最も大きく変わる画像を選びます。同じものだとネットワークがまだ理解していない画像です。',
    fails: 'ネットワークがもともと位置のずれに強い場合や、ずらすと画像の意味が変わる場合です。'
  }
} satisfies typeof en.strategies

export const categories = {
  baseline: '基準',
  uncertainty: '不確実性',
  diversity: '多様性',
  hybrid: '混合'
} satisfies typeof en.categories

export const refusals = { needsDropout: 'ドロップアウトが0では使えません' } satisfies typeof en.refusals
