/**
 * A list of rows. On a phone each row stands as a card, its cells under the names of their columns.
 */
import type { ComponentChildren } from 'preact'
import { useLocale } from './locale.tsx'
import type { Pages } from './use-data.ts'

export interface Column<Row> {
  name: string
  cell(row: Row): ComponentChildren
  /** Figures stand at the right. */
  isFigure?: boolean
  /** Stands first on a phone, without its name. */
  isTitle?: boolean
  /** Stands beside the title on a phone, without its name. */
  isCorner?: boolean
  /** Left out on a phone: the row's own page has it. */
  isDetail?: boolean
  /** Holds buttons: without its name on a phone. */
  isActions?: boolean
  /** Never broken into lines, as numbers and instants. */
  isShort?: boolean
}

export function Table<Row>({
  caption,
  columns,
  rows,
  keyOf,
  empty,
  footer,
}: {
  /** Read aloud, not shown. */
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf(row: Row): string
  empty: string
  footer?: ComponentChildren
}) {
  if (rows.length === 0) return <p class="empty">{empty}</p>
  return (
    <table class="table">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ name, isFigure, isActions }) => (
            <th key={name} scope="col" class={isFigure ? 'figure' : undefined}>
              {isActions ? <span class="unseen">{name}</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column) => (
              <Cell key={column.name} column={column} content={column.cell(row)} />
            ))}
          </tr>
        ))}
      </tbody>
      {footer && <tfoot>{footer}</tfoot>}
    </table>
  )
}

/** In one piece beside its name on a phone; without content, no cell there. */
function Cell<Row>({ column, content }: { column: Column<Row>; content: ComponentChildren }) {
  const isEmpty = content === null || content === undefined || content === false || content === ''
  return (
    <td data-name={column.name} class={styleColumn(column)}>
      {isEmpty ? null : <div>{content}</div>}
    </td>
  )
}

function styleColumn({
  isFigure,
  isTitle,
  isCorner,
  isDetail,
  isActions,
  isShort,
}: Omit<Column<never>, 'cell'>): string | undefined {
  const names = [
    isFigure && 'figure',
    isTitle && 'title',
    isCorner && 'corner',
    isDetail && 'detail',
    isActions && 'does figure',
    isShort && 'short',
  ]
  return names.filter(Boolean).join(' ') || undefined
}

/** A table of a list that comes page by page, with what is said while it loads or fails. */
export function PagedTable<Row>({
  pages,
  ...table
}: { pages: Pages<Row> } & Omit<Parameters<typeof Table<Row>>[0], 'rows'>) {
  const { words } = useLocale()
  if (pages.error) return <Failure error={pages.error} retry={pages.reload} />
  if (pages.isLoading && pages.rows.length === 0) return <Loading />
  return (
    <>
      <Table {...table} rows={pages.rows} />
      {pages.loadMore && (
        <p class="centered">
          <button type="button" onClick={pages.loadMore}>
            {words.more}
          </button>
        </p>
      )}
    </>
  )
}

export function Loading() {
  const { words } = useLocale()
  return (
    <p class="empty" aria-busy="true">
      {words.loading}
    </p>
  )
}

export function Failure({ error, retry }: { error: Error; retry?: () => void }) {
  const { words } = useLocale()
  return (
    <p class="notice bad" role="alert">
      {words.failed} <span>{error.message}</span>{' '}
      {retry && (
        <button type="button" onClick={retry}>
          {words.retry}
        </button>
      )}
    </p>
  )
}
