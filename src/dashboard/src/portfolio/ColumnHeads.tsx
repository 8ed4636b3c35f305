interface Column { title: string; class: string; field?: string; isRisingFirst?: boolean }

const COLUMNS: Column[] = [
  { title: 'Account', class: 'c-name', field: 'name', isRisingFirst: true },
  { title: 'Health', class: 'c-score', field: 'score', isRisingFirst: true },
  { title: 'ARR at risk', class: 'c-risk num', field: 'arrAtRisk' },
  { title: '42 days', class: 'c-spark' },
  { title: '7 days', class: 'c-change num', field: 'change7Days', isRisingFirst: true },
  { title: 'Trend', class: 'c-trend' },
  { title: 'Renewal', class: 'c-renewal num', field: 'renewalDate', isRisingFirst: true },
  { title: 'Owner', class: 'c-owner' },
];

export function ColumnHeads({ sort, onSort }: { sort: string; onSort: (sort: string) => void }) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {COLUMNS.map(column => <Head key={column.title} column={column} sort={sort} onSort={onSort} />)}
      </tr>
    </thead>
  );
}

function Head({ column, sort, onSort }: { column: Column; sort: string; onSort: (sort: string) => void }) {
  if (!column.field) return <th scope="col" class={column.class}>{column.title}</th>;
  const { field } = column;
  const isSorted = sort.replace('-', '') === field;
  const isDown = sort.startsWith('-');
  const first = column.isRisingFirst ? field : '-' + field;
  const next = !isSorted ? first : isDown ? field : '-' + field;
  return (
    <th scope="col" class={column.class} aria-sort={isSorted ? (isDown ? 'descending' : 'ascending') : undefined}>
      <button type="button" onClick={() => onSort(next)}>
        {column.title}<span aria-hidden="true">{isSorted ? (isDown ? ' ▼' : ' ▲') : ''}</span>
      </button>
    </th>
  );
}
