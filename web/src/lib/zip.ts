/** A file and its path in a zip. */
export type Packed = { path: string; file: Blob }

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const UTF8 = 0x0800
const DATED = 0x21 // the first day that a zip knows

/** A zip of files as they are: what travels to this machine need not be small. */
export async function zip(files: readonly Packed[]): Promise<Blob> {
  const parts: BlobPart[] = []
  const listing: BlobPart[] = []
  let at = 0
  let listed = 0
  for (const { path, file } of files) {
    const name = new TextEncoder().encode(path)
    const about = [UTF8, 0, 0, DATED] as const
    const sizes = [checksum(new Uint8Array(await file.arrayBuffer())), file.size, file.size]
    const local = record([LOCAL], [20, ...about], sizes, [name.length, 0])
    const central = record([CENTRAL], [20, 20, ...about], sizes, [name.length, 0, 0, 0, 0], [0, at])
    parts.push(local, name, file)
    listing.push(central, name)
    at += local.byteLength + name.length + file.size
    listed += central.byteLength + name.length
  }
  const count = files.length
  const end = record([END], [0, 0, count, count], [listed, at], [0])
  return new Blob([...parts, ...listing, end], { type: 'application/zip' })
}

/** Numbers of four, two, four, two ... bytes. */
function record(...fields: (readonly number[])[]): ArrayBuffer {
  const sized = fields.flatMap((numbers, place) =>
    numbers.map((number) => ({ number, bytes: place % 2 ? 2 : 4 })),
  )
  const view = new DataView(new ArrayBuffer(sized.reduce((sum, { bytes }) => sum + bytes, 0)))
  let at = 0
  for (const { number, bytes } of sized) {
    if (bytes === 4) view.setUint32(at, number, true)
    else view.setUint16(at, number, true)
    at += bytes
  }
  return view.buffer
}

const TABLE = Uint32Array.from({ length: 256 }, (_, start) => {
  let value = start
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value
})

/** CRC-32. */
function checksum(data: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of data) value = (TABLE[(value ^ byte) & 255] as number) ^ (value >>> 8)
  return ~value >>> 0
}
