import type { Given } from '@/api/own-robots'
import { type Packed, zip } from '@/lib/zip'

const MODEL = /\.(xml|urdf|zip)$/i
const MOST_BYTES = 128 * 2 ** 20
const MOST_FILES = 2000

/** Why files cannot be sent, and what would be right. */
export class UnfitError extends Error {}

/** What somebody dropped, with folders opened; to be asked before the event is over. */
export async function dropped(data: DataTransfer): Promise<Packed[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.())
  const files = [...data.files].map((file) => ({ path: file.name, file }))
  if (!entries.some((entry) => entry?.isDirectory)) return files
  const found = await Promise.all(entries.map((entry) => (entry ? opened(entry) : [])))
  return found.flat()
}

/** What somebody chose with a button: of a folder, files know their paths in it. */
export const chosen = (files: Iterable<File>): Packed[] =>
  [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }))

/** One file as it is; several, or a folder, as a zip. */
export async function fitting(given: readonly Packed[]): Promise<Given> {
  const files = given.filter(({ path }) => !/(^|\/)(\.|__MACOSX\/)/.test(path))
  const [first] = files
  if (!first) throw new UnfitError('There is no file in it. Give a model, its folder or a zip.')
  if (files.length > MOST_FILES) {
    throw new UnfitError(
      `These are ${files.length} files. Give the robot's own folder, of at most ${MOST_FILES}.`,
    )
  }
  if (files.reduce((sum, { file }) => sum + file.size, 0) > MOST_BYTES) {
    throw new UnfitError('This is more than 128 MB. Leave out what the model does not name.')
  }
  if (!files.some(({ path }) => MODEL.test(path))) {
    const hint = 'Give a .xml (MJCF), a .urdf or a .zip, with the meshes that it names.'
    throw new UnfitError(`${named(files)} no model. ${hint}`)
  }
  if (files.length === 1 && !first.path.includes('/')) {
    return { file: first.file, name: plain(first.path) }
  }
  const model = files.find(({ path }) => MODEL.test(path)) ?? first
  const folder = first.path.includes('/') ? first.path.split('/')[0] : null
  const name = folder || model.path.replace(MODEL, '') || 'robot'
  return { file: await zip(files), name: plain(`${name}.zip`) }
}

const named = (files: readonly Packed[]) =>
  files.length === 1 ? `${files[0]?.path} is` : `Among these ${files.length} files is`

/** A name that the server takes. */
function plain(name: string): string {
  const [stem, suffix] = [name.replace(MODEL, ''), MODEL.exec(name)?.[0].toLowerCase() ?? '']
  return (stem.replace(/[^\w .()+-]/gu, '_').slice(0, 90) || 'robot') + suffix
}

async function opened(entry: FileSystemEntry): Promise<Packed[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, fail) =>
      (entry as FileSystemFileEntry).file(done, fail),
    )
    return [{ path: entry.fullPath.replace(/^\//, ''), file }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) =>
      reader.readEntries(done, fail),
    )
    if (!some.length) break
    found.push(...some) // a browser gives a hundred at a time
    if (found.length > MOST_FILES) break
  }
  return (await Promise.all(found.map(opened))).flat()
}
