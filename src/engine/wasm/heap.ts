/**
 * The memory of tfjs's WASM module, used directly: scratch tensors come from an arena that is reset when a scope
 * ends, so that a training step allocates nothing; what lives longer is malloc'ed.
 */

/** The parts of tfjs-backend-wasm's Emscripten module that are used here. */
export interface WasmModule {
  HEAPF32: Float32Array
  HEAPU32: Uint32Array
  _malloc(bytes: number): number
  _free(at: number): void
  asm: { memory: WebAssembly.Memory }
}

/** A float32 array on the heap. Maps with `pad` 1 have a border of zeros: [batch, height + 2, width + 2, channel]. */
export interface Buffer {
  /** byte address, a multiple of 16 */
  at: number
  /** number of floats */
  size: number
  /** matrices: [rows, columns]; maps: [batch, rows x columns x channels, without the border] */
  rows: number
  columns: number
  pad: 0 | 1
}

const PAGE = 1 << 24

export class Heap {
  private readonly pages: { at: number; raw: number; bytes: number }[] = []
  private page = 0
  private used = 0
  private open = false

  constructor(readonly module: WasmModule) {}

  get f32(): Float32Array {
    return this.module.HEAPF32
  }

  get u32(): Uint32Array {
    return this.module.HEAPU32
  }

  /** Runs work whose scratch arrays are given back at its end. Scopes do not nest. */
  scope<R>(work: () => R): R {
    if (this.open) throw new Error('scopes do not nest')
    this.open = true
    try {
      return work()
    } finally {
      this.open = false
      this.page = 0
      this.used = 0
    }
  }

  /** Address of scratch memory, until the scope ends; its content is arbitrary. */
  scratch(bytes: number): number {
    const room = (bytes + 31) & ~15
    for (; this.page < this.pages.length; this.page++, this.used = 0) {
      const { at, bytes: size } = this.pages[this.page]
      if (this.used + room <= size) {
        const result = at + this.used
        this.used += room
        return result
      }
    }
    const size = Math.max(PAGE, room)
    const { at, raw } = this.allocate(size)
    this.pages.push({ at, raw, bytes: size })
    this.used = room
    return at
  }

  /** A scratch matrix of `rows` x `columns` floats. */
  matrix(rows: number, columns: number): Buffer {
    const size = rows * columns
    return { at: this.scratch(size * 4), size, rows, columns, pad: 0 }
  }

  /** A scratch map; with a border, which is zeroed. */
  map(batch: number, height: number, width: number, channels: number, pad: 0 | 1): Buffer {
    const size = batch * (height + 2 * pad) * (width + 2 * pad) * channels
    const at = this.scratch(size * 4)
    if (pad) this.f32.fill(0, at >> 2, (at >> 2) + size)
    return { at, size, rows: batch, columns: height * width * channels, pad }
  }

  /** Memory that lives until `free`, aligned to 16 bytes. */
  allocate(bytes: number): { at: number; raw: number } {
    const raw = this.module._malloc(bytes + 32) >>> 0
    if (!raw) throw new RangeError(`the WASM heap has no room for ${bytes} bytes`)
    return { at: (raw + 15) & ~15, raw }
  }

  free(raw: number): void {
    this.module._free(raw)
  }

  dispose(): void {
    for (const { raw } of this.pages) this.free(raw)
    this.pages.length = 0
  }
}
