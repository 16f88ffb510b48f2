/**
 * Which file is meant by the name of a program? As a shell would answer: a name without a folder is looked up in
 * the folders of PATH, anything else is a path from the working directory.
 *
 * Answers an absolute path, so that it still holds where the program is started in another folder; undefined
 * where no file that may be run is found.
 */
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

export function findProgram(name: string, path = ''): string | undefined {
  const isBareName = !/[\\/]/.test(name)
  // An empty entry of PATH means the working directory.
  const places = isBareName ? path.split(delimiter).map((folder) => join(folder || '.', name)) : [name]
  const endings = process.platform === 'win32' ? ['', '.exe'] : ['']
  return places
    .flatMap((place) => endings.map((ending) => resolve(place + ending)))
    .find((file) => mayBeRun(file))
}

function mayBeRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
