/** What can be wrong with a file or a link, in Japanese. */
import type * as en from './exchange.en.ts'
import type { Say } from './notices.en.ts'

const at = (field: string) => (field ? `（${field}）` : '')
const here = '画面の内容は変わっていません。'

export const exchange = {
  notJson: () => `このファイルはJSONではなく、このページの結果ファイルではありません。${here}`,
  notOurs: () => `このファイルは、このページの実験でも結果でもありません。${here}`,
  newerVersion: p =>
    `新しいバージョンのページで作られたものです（形式${p.version}）。ページを再読み込みして、新しいバージョンでお試しください。${here}`,
  wrongType: p => `必要な項目がないか、種類が違います${at(p.field)}。${here}`,
  outOfRange: p => `範囲外の数値があります${at(p.field)}。${here}`,
  tooMany: p => `受け付けられる長さを超えています${at(p.field)}。${here}`,
  tooLarge: () => `ファイルが大きすぎます。${here}`,
  forbiddenKey: p => `正しいファイルにはない名前が含まれています${at(p.field)}。${here}`,
  unsafeText: p => `見えない文字を含む文字列があります${at(p.field)}。${here}`,
  badRow: p => `実験の設定に誤りがあります${at(p.field)}${p.limit ? `。限度は${p.limit}です` : ''}。${here}`,
  unknownRow: p =>
    `このバージョンが対応していない設定があります：${p.name}。ページを再読み込みして、新しいバージョンでお試しください。`,
  unknownName: p =>
    `このバージョンが対応していない名前があります：${p.name}。ページを再読み込みして、新しいバージョンでお試しください。`,
  notListed: p => `含まれていないものを参照しています${at(p.field)}。${here}`,
  notAscending: p => `数値の並び順が正しくありません${at(p.field)}。${here}`,
  repeated: p => `同じものが2度現れます${at(p.field)}。${here}`,
  inconsistent: p => `内容に矛盾があります${at(p.field)}。${here}`,
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
    'このエンコーダーは以前のバージョンで保存されたもので、確かめられません。作ったブラウザーで保存し直してください。',
  damagedEncoder: () =>
    'このエンコーダーのファイルは壊れています。保存したときの数値と一致しません。もう一度もらうか、同じ設定で事前学習してください。',
  nothingToMerge: () => '統合するものがありません。',
  differentExperiment: p => `異なる実験の結果なので、統合できません${at(p.field)}。${here}`,
  differentData: p => `異なるデータで測った結果なので、統合できません${at(p.field)}。${here}`,
  disagreement: p => `結果どうしが矛盾しているため、統合できません${at(p.field)}。${here}`
} satisfies Record<keyof typeof en.exchange, Say>
