import { useSignal } from '@preact/signals';
import { Icon } from '#sandbox/page/icons.tsx';
import { asList, asNumber, asObject, asText } from '#sandbox/page/json.ts';
import type { Json, JsonObject } from '#sandbox/page-protocol.ts';
import { CellView, wordsOfCell } from './table-cell.tsx';
import { type Sort, sortRows } from './table-order.ts';

export function TableBlock({ block }: { block: JsonObject }) {
  const [header = [], ...body] = asList(block.rows).map(asList);
  const settings = asList(block.column_settings).map(asObject);
  const cellClass = (column: number) => {
    const setting = settings[column];
    return `is-${asText(setting?.align) || 'left'}${setting?.is_wrapped ? ' is-wrapped' : ''}`;
  };
  return (
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr>
            {header.map((cell, column) => (
              <th key={column} scope="col" class={cellClass(column)}>
                <CellView cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} class={cellClass(column)}>
                  <CellView cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const defaultPageSize = 5;

export function DataTable({ block }: { block: JsonObject }) {
  const sort = useSignal<Sort | null>(null);
  const page = useSignal(0);
  const filter = useSignal('');
  const [header = [], ...body] = asList(block.rows).map(asList);
  const size = asNumber(block.page_size) ?? defaultPageSize;
  const words = filter.value.toLowerCase();
  const found = body.filter((row) => row.some((cell) => wordsOfCell(cell).toLowerCase().includes(words)));
  const pages = Math.max(1, Math.ceil(found.length / size));
  const at = Math.min(page.value, pages - 1);
  const shown = sortRows(found, sort.value).slice(at * size, (at + 1) * size);
  const caption = asText(block.caption);

  return (
    <div class="data-table">
      {body.length > size && (
        <input
          class="input is-slim"
          type="search"
          placeholder="Filter rows"
          aria-label={`Filter rows of ${caption}`}
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value;
          }}
        />
      )}
      <div class="table-scroll">
        <table class="table">
          <caption>{caption}</caption>
          <HeaderRow
            header={header}
            numeric={numericColumns(body)}
            sort={sort.value}
            onSort={(next) => (sort.value = next)}
          />
          <tbody>
            {shown.map((row) => (
              <DataRow
                key={body.indexOf(row)}
                row={row}
                headerColumn={asNumber(block.row_header_column_index) ?? 0}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Pager page={at} pages={pages} rows={found.length} onPage={(next) => (page.value = next)} />
    </div>
  );
}

function HeaderRow(props: {
  header: Json[];
  numeric: boolean[];
  sort: Sort | null;
  onSort(sort: Sort | null): void;
}) {
  const { sort } = props;
  return (
    <thead>
      <tr>
        {props.header.map((cell, column) => {
          const isSorted = sort?.column === column;
          const direction = isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none';
          return (
            <th
              key={column}
              scope="col"
              aria-sort={direction}
              class={props.numeric[column] ? 'is-right' : 'is-left'}
            >
              <button type="button" class="sort-button" onClick={() => props.onSort(nextSort(sort, column))}>
                {wordsOfCell(cell)}
                <Icon name={isSorted ? (sort.isDescending ? 'down' : 'up') : 'sort'} />
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function numericColumns(rows: Json[][]): boolean[] {
  return (rows[0] ?? []).map((cell) => asObject(cell)?.type === 'raw_number');
}

/** Ascending, descending, then as the bot sent it. */
function nextSort(sort: Sort | null, column: number): Sort | null {
  if (sort?.column !== column) return { column, isDescending: false };
  return sort.isDescending ? null : { column, isDescending: true };
}

function DataRow({ row, headerColumn }: { row: Json[]; headerColumn: number }) {
  return (
    <tr>
      {row.map((cell, column) => {
        const alignment = asObject(cell)?.type === 'raw_number' ? 'is-right' : 'is-left';
        return column === headerColumn ? (
          <th key={column} scope="row" class={alignment}>
            <CellView cell={cell} />
          </th>
        ) : (
          <td key={column} class={alignment}>
            <CellView cell={cell} />
          </td>
        );
      })}
    </tr>
  );
}

function Pager(props: { page: number; pages: number; rows: number; onPage(page: number): void }) {
  const { page, pages, rows } = props;
  return (
    <div class="pager">
      <span class="hint">
        {rows} {rows === 1 ? 'row' : 'rows'}
      </span>
      {pages > 1 && (
        <>
          <button
            type="button"
            class="quiet icon-only"
            aria-label="Previous page"
            disabled={page === 0}
            onClick={() => props.onPage(page - 1)}
          >
            <Icon name="left" />
          </button>
          <span class="hint">
            Page {page + 1} of {pages}
          </span>
          <button
            type="button"
            class="quiet icon-only"
            aria-label="Next page"
            disabled={page === pages - 1}
            onClick={() => props.onPage(page + 1)}
          >
            <Icon name="right" />
          </button>
        </>
      )}
    </div>
  );
}
