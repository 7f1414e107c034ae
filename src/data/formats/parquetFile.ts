/**
 * A Parquet file as a table of columns: footer and page headers are read by hyparquet, one row group of one column at a
 * time, so that memory stays small whatever the file's size. Lists and encrypted files are left out.
 */
import { parquetMetadata, type FileMetaData, type SchemaElement } from 'hyparquet'
import { DataError } from '../errors.ts'
import { limits } from './format.ts'
import { codecNamed, PageError } from './parquetCodec.ts'
import { chunkValues, type Value } from './parquetPage.ts'
import type { Source } from './source.ts'

export type { Value }

export interface Column {
  /** names from the outermost on: ['image', 'bytes'] */
  path: string[]
  /** Parquet's physical type */
  type: string
  /** values are text */
  text: boolean
  /** definition level of a value that is there */
  present: number
}

/** A footer is a few kilobytes a row group. */
const MOST_FOOTER = 64 << 20
const TAIL = 8
const MOST_DEPTH = 8

export class ParquetFile {
  private constructor(
    readonly source: Source,
    private readonly metadata: FileMetaData,
    /** those that have one value a row at most */
    readonly columns: readonly Column[],
    /** rows of each row group */
    readonly groups: readonly number[]
  ) {}

  /** Throws DataError 'damagedParquet', 'unsupportedParquet', 'tooManyEntries'. */
  static async open(source: Source): Promise<ParquetFile> {
    const file = source.name
    const damaged = new DataError('damagedParquet', { file })
    if (source.size < 12) throw damaged
    const tail = await source.slice(source.size - TAIL, source.size)
    const mark = String.fromCharCode(...tail.subarray(4))
    if (mark === 'PARE') throw new DataError('unsupportedParquet', { file, what: 'encryption' })
    const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true) + TAIL
    if (mark !== 'PAR1' || length > Math.min(source.size, MOST_FOOTER)) throw damaged
    const footer = await source.slice(source.size - length, source.size)
    try {
      const metadata = parquetMetadata(footer.buffer)
      const groups = metadata.row_groups.map(({ num_rows }) => Number(num_rows))
      if (groups.some(rows => !(rows >= 0))) throw damaged
      const entries = groups.reduce((a, b) => a + b, 0)
      const most = 10 * limits.entries
      if (entries > most) throw new DataError('tooManyEntries', { file, entries, most })
      return new ParquetFile(source, metadata, leaves(metadata.schema), groups)
    } catch (error) {
      throw error instanceof DataError ? error : damaged
    }
  }

  get rows(): number {
    return this.groups.reduce((a, b) => a + b, 0)
  }

  /** What the writer noted under a name. */
  note(name: string): string | undefined {
    return this.metadata.key_value_metadata?.find(({ key }) => key === name)?.value
  }

  /** The values of a column in one row group: [rows of the group]. Throws DataError. */
  async read(column: Column, group: number): Promise<Value[]> {
    const file = this.source.name
    const damaged = new DataError('damagedParquet', { file })
    const path = column.path.join('.')
    const chunk = this.metadata.row_groups[group].columns.find(
      ({ meta_data }) => meta_data?.path_in_schema.join('.') === path
    )
    const meta = chunk?.meta_data
    if (!meta || chunk.file_path) throw damaged
    const first = Number(meta.dictionary_page_offset || meta.data_page_offset)
    const start = Math.min(first, Number(meta.data_page_offset))
    const size = Number(meta.total_compressed_size)
    if (!(start >= 4) || !(size >= 0) || start + size > this.source.size) throw damaged
    if (size > limits.bytes) {
      const [megabytes, limit] = [size / 1e6, limits.bytes / 1e6].map(Math.ceil)
      throw new DataError('tooLarge', { file, megabytes, limit })
    }
    const bytes = await this.source.slice(start, start + size)
    try {
      return chunkValues(bytes, { ...column, codec: await codecNamed(meta.codec) }, this.groups[group])
    } catch (error) {
      const what = error instanceof PageError ? error.unsupported : undefined
      throw what ? new DataError('unsupportedParquet', { file, what }) : damaged
    }
  }
}

/** The schema's columns; those below a repeated element are lists, and no columns here. */
function leaves(schema: readonly SchemaElement[]): Column[] {
  const found: Column[] = []
  let next = 1
  const walk = (count: number, path: string[], present: number, listed: boolean) => {
    if (path.length > MOST_DEPTH) throw new PageError()
    for (let i = 0; i < count; i++) {
      const element = schema[next++]
      if (!element) throw new PageError()
      const here = [...path, element.name]
      const level = present + Number(element.repetition_type !== 'REQUIRED')
      const list = listed || element.repetition_type === 'REPEATED'
      if (element.num_children) walk(element.num_children, here, level, list)
      else if (!list && element.type) {
        const text = element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING'
        found.push({ path: here, type: element.type, text, present: level })
      }
    }
  }
  walk(schema[0]?.num_children ?? 0, [], 0, false)
  return found
}
