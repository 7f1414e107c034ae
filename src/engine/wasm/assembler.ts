/**
 * A small assembler for WebAssembly with SIMD: enough to write inner loops that are unrolled for one network's shapes
 * and run on the memory of another module. Code is a flat list of bytes; an expression leaves one value on the stack,
 * a statement none. Only instructions whose results IEEE 754 fixes are offered: no relaxed SIMD, no fused multiply-add.
 */
export type Code = readonly number[]
export type Type = 'i32' | 'f32' | 'v128'

const TYPES: Record<Type, number> = { i32: 0x7f, f32: 0x7d, v128: 0x7b }

function unsigned(value: number): number[] {
  const out: number[] = []
  do {
    const byte = value & 0x7f
    value >>>= 7
    out.push(value ? byte | 0x80 : byte)
  } while (value)
  return out
}

function signed(value: number): number[] {
  const out: number[] = []
  for (;;) {
    const byte = value & 0x7f
    value >>= 7
    if ((value === 0 && !(byte & 0x40)) || (value === -1 && byte & 0x40)) return [...out, byte]
    out.push(byte | 0x80)
  }
}

/** The statements one after another. */
export const block = (...statements: Code[]): Code => statements.flat()

const simd = (op: number): number[] => [0xfd, ...unsigned(op)]
const binary =
  (...op: number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...op]
const load =
  (align: number, ...op: number[]) =>
  (address: Code, offset = 0): Code => [...address, ...op, align, ...unsigned(offset)]
const store =
  (align: number, ...op: number[]) =>
  (address: Code, value: Code, offset = 0): Code => [...address, ...value, ...op, align, ...unsigned(offset)]
const unary =
  (...op: number[]) =>
  (a: Code): Code => [...a, ...op]

/** value if the condition is not zero, else the other; both are evaluated. */
const select = (value: Code, other: Code, condition: Code): Code => [...value, ...other, ...condition, 0x1b]

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value | 0)],
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  shrU: binary(0x76),
  ltU: binary(0x49),
  geS: binary(0x4e),
  select,
  load: load(2, 0x28),
  store: store(2, 0x36)
}

export const f32 = {
  const: (value: number): Code => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  add: binary(0x92),
  sub: binary(0x93),
  mul: binary(0x94),
  div: binary(0x95),
  abs: unary(0x8b),
  sqrt: unary(0x91),
  gt: binary(0x5e),
  select,
  load: load(2, 0x2a),
  store: store(2, 0x38)
}

export const v128 = {
  load: load(4, ...simd(0)),
  store: store(4, ...simd(11)),
  /** unaligned addresses are right either way; the hint says what to expect */
  loadAny: load(2, ...simd(0)),
  storeAny: store(2, ...simd(11)),
  /** one float in all four lanes */
  loadSplat: load(2, ...simd(9)),
  and: binary(...simd(78)),
  or: binary(...simd(80)),
  xor: binary(...simd(81)),
  /** lanes of a where the mask's bits are set, of b elsewhere */
  select: (a: Code, b: Code, mask: Code): Code => [...a, ...b, ...mask, ...simd(82)]
}

const littleEndian = (values: readonly number[]): number[] => [
  ...new Uint8Array(Int32Array.from(values).buffer)
]

export const i32x4 = {
  lanes: (...values: [number, number, number, number]): Code => [...simd(12), ...littleEndian(values)],
  /** the same integer in all four lanes */
  const: (value: number): Code => i32x4.lanes(value, value, value, value),
  splat: unary(...simd(17)),
  lane: (a: Code, lane: number): Code => [...a, ...simd(27), lane],
  add: binary(...simd(174)),
  shl: (a: Code, by: number): Code => [...a, ...i32.const(by), ...simd(171)],
  shrU: (a: Code, by: number): Code => [...a, ...i32.const(by), ...simd(173)],
  /** lanes 0 .. 3 are those of a, 4 .. 7 those of b */
  shuffle: (a: Code, b: Code, lanes: readonly number[]): Code => [
    ...a,
    ...b,
    ...simd(13),
    ...lanes.flatMap(lane => [0, 1, 2, 3].map(byte => lane * 4 + byte))
  ],
  /** four of eight 16-bit lanes, with their sign */
  extendLow: unary(...simd(167)),
  extendHigh: unary(...simd(168))
}

export const i16x8 = {
  splat: unary(...simd(16)),
  geU: binary(...simd(54))
}

export const f32x4 = {
  splat: unary(...simd(19)),
  lane: (a: Code, lane: number): Code => [...a, ...simd(31), lane],
  gt: binary(...simd(68)),
  abs: unary(...simd(224)),
  add: binary(...simd(228)),
  sub: binary(...simd(229)),
  mul: binary(...simd(230)),
  div: binary(...simd(231)),
  sqrt: unary(...simd(227))
}

/** A local variable. */
export interface Local {
  get: Code
  set(value: Code): Code
}

/** A function under construction: hands out locals. */
export class FunctionBuilder {
  readonly locals: Type[] = []
  constructor(readonly parameters: readonly Type[]) {}

  parameter(index: number): Local {
    return { get: [0x20, ...unsigned(index)], set: value => [...value, 0x21, ...unsigned(index)] }
  }

  local(type: Type): Local {
    this.locals.push(type)
    return this.parameter(this.parameters.length + this.locals.length - 1)
  }

  /** for (; i < end; i += step), unsigned; the end must not change meanwhile. */
  loop(i: Local, end: Code, step: number, ...body: Code[]): Code {
    const next = [...block(...body), ...i.set(i32.add(i.get, i32.const(step)))]
    const more = i32.ltU(i.get, end)
    return [0x02, 0x40, ...more, 0x45, 0x0d, 0, 0x03, 0x40, ...next, ...more, 0x0d, 0, 0x0b, 0x0b]
  }
}

interface Defined {
  name: string
  parameters: readonly Type[]
  locals: readonly Type[]
  body: Code
}

/** Functions without results that work on an imported memory. */
export class ModuleBuilder {
  private readonly functions: Defined[] = []

  define(
    name: string,
    parameters: readonly Type[],
    build: (f: FunctionBuilder, ...parameters: Local[]) => Code
  ): void {
    const f = new FunctionBuilder(parameters)
    const body = build(f, ...parameters.map((_, i) => f.parameter(i)))
    this.functions.push({ name, parameters, locals: f.locals, body })
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const vector = (items: Code[]): Code => [...unsigned(items.length), ...items.flat()]
    const section = (id: number, content: Code): number[] => [id, ...unsigned(content.length), ...content]
    const text = (s: string): Code => vector([...new TextEncoder().encode(s)].map(byte => [byte]))
    const { functions } = this
    return Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, vector(functions.map(f => [0x60, ...vector(f.parameters.map(t => [TYPES[t]])), 0]))),
      ...section(2, vector([[...text('env'), ...text('memory'), 2, 0, 1]])),
      ...section(3, vector(functions.map((_, i) => unsigned(i)))),
      ...section(7, vector(functions.map((f, i) => [...text(f.name), 0, ...unsigned(i)]))),
      ...section(
        10,
        vector(
          functions.map(f => {
            const code = [...vector(f.locals.map(t => [1, TYPES[t]])), ...f.body, 0x0b]
            return [...unsigned(code.length), ...code]
          })
        )
      )
    ])
  }

  instantiate(memory: WebAssembly.Memory): Record<string, (...values: number[]) => void> {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(this.bytes()), { env: { memory } })
    return instance.exports as Record<string, (...values: number[]) => void>
  }
}
