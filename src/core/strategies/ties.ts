/**
 * Who comes first of equals, in rules whose scores are few by their nature (votes, counts): there a large part of a query is
 * decided by it. The lowest row would be the same in all seeds, which then are no independent draws, and on the built-in
 * sets, whose rows go through the classes in turn, it would balance the query for nothing. So the seed draws an order, of
 * every round its own, in which a row's place is decided by the row alone; then the stable sort. Rules whose scores hardly
 * ever tie are left with the lowest row.
 */
import { hashOrder } from '../hashOrder.ts'
import { derive, type Stream } from '../random.ts'

/** What is derived from a strategy's stream, so that the order has nothing in common with what the stream itself gives. */
const TIES = 1

/** The indices of some rows (each once) in the order in which equals are taken; it takes nothing from the stream. */
export function drawnTurns(rows: Uint32Array, { key }: Pick<Stream, 'key'>): Uint32Array {
  const index = new Map(Array.from(rows, (row, i) => [row, i]))
  return hashOrder(derive(key, TIES), rows).map(row => index.get(row)!)
}
