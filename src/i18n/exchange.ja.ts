/** What can be wrong with a file or a link, in Japanese. */
import type * as en from './exchange.en.ts'
import type { Parameters, Say } from './notices.en.ts'

export const inFile = (file: string, text: string) => `「${file}」：${text}`

const at = (field: string) => (field ? `（場所：${field}）` : '')
const here = '画面の内容は変わっていません。'
const again = (p: Parameters) =>
  p.file
    ? '作ったときの環境で保存し直すか、もう一度受け取ってください。'
    : 'リンクをくれた人に、もう一度送ってもらってください。'
const setting = (p: Parameters) => (p.row ? `「${p.row}」（${p.field}）` : p.field ? `「${p.field}」` : '')
const more = ({ more }: Parameters) => (Number(more) ? `ほか${more}件` : '')

export const exchange = {
  notJson: () => `このファイルはJSONではないため、このページの結果ファイルではありません。${here}`,
  notOurs: () => `このファイルは、このページの実験でも結果でもありません。${here}`,
  newerVersion: p =>
    `新しいバージョンのページで作られたものです（形式${p.version}）。ページを再読み込みして、新しいバージョンでお試しください。${here}`,
  wrongType: p => `必要な項目がないか、値の型が違います${at(p.field)}。${again(p)}${here}`,
  outOfRange: p => `値が大きすぎるか小さすぎる数値があります${at(p.field)}。${again(p)}${here}`,
  tooMany: p =>
    `長すぎるリストか文字列があります${at(p.field)}${p.limit ? `。上限は${p.limit}です` : ''}。${again(p)}${here}`,
  tooLarge: () => `ファイルまたはリンクが大きすぎます。${here}`,
  forbiddenKey: p => `正しいファイルにはない名前が含まれています${at(p.field)}。${here}`,
  unsafeText: p => `見えない文字を含む文字列があります${at(p.field)}。${again(p)}${here}`,
  badRow: p =>
    `使えない実験の設定があります。${setting(p)}：${p.why}${p.file ? 'ファイルを直すか、別のものを受け取ってください。' : again(p)}${here}`,
  unknownRow: p =>
    `このバージョンが対応していない設定があります：${p.name}。ページを再読み込みして、新しいバージョンでお試しください。`,
  unknownName: p =>
    `このバージョンが対応していない名前があります：${p.name}。ページを再読み込みして、新しいバージョンでお試しください。`,
  notListed: p => `含まれていないものを参照しています${at(p.field)}。${again(p)}${here}`,
  notAscending: p => `数値の並び順が正しくありません${at(p.field)}。${again(p)}${here}`,
  repeated: p => `1度しか現れないはずのものが2度現れます${at(p.field)}。${again(p)}${here}`,
  inconsistent: p =>
    `内容が食い違っています。書き出したあとで変更されたか、壊れています${at(p.field)}。${again(p)}${here}`,
  notALink: () => `このページのリンクではありません。${here}`,
  truncated: () =>
    `リンクが途中で切れています。もう一度送ってもらうか、結果ファイルを受け取ってください。${here}`,
  corrupted: () =>
    `リンクが途中で書き換わっています。もう一度送ってもらうか、結果ファイルを受け取ってください。${here}`,
  tooLong: () => `リンクが長すぎます。${here}`,
  unreadable: () => `リンクの中身を読み取れません。${here}`,
  tooLongForLink: p =>
    `結果を含めるとリンクが${p.characters}文字になり、送るには長すぎます。結果ファイルをダウンロードするか、実験の設定だけを共有してください。`,
  laterVersion: () =>
    '新しいバージョンの内容が含まれていて、書き出すと失われるため、ここでは書き出せません。',
  earlierEncoder: () =>
    'このエンコーダーは以前のバージョンで保存されたもので、内容を検証できません。作ったブラウザで保存し直してください。',
  damagedEncoder: () =>
    'このエンコーダーのファイルは壊れています。保存したときの数値と一致しません。もう一度受け取るか、同じ設定で事前学習してください。',
  nothingToMerge: () => '統合するものがありません。',
  differentExperiment: p =>
    `異なる実験の結果なので、統合できません。異なる設定：${setting(p)}${more(p)}。1つずつ開いてください。${here}`,
  differentData: () => `異なるデータで測った結果なので、統合できません。1つずつ開いてください。${here}`,
  disagreement: p =>
    `同じはずの数値が食い違うため、統合できません（${p.list}）。どれかが変更されたか、壊れているか、誤って計算されています。${here}`,
  seedsApart: p =>
    `シードの範囲が${p.seeds}個分にわたるため、統合できません（上限は${p.limit}個）。シードの近いものどうしを統合してください。${here}`
} satisfies Record<keyof typeof en.exchange, Say>
