/**
 * The page's only script: heads of `table.sortable` become buttons that sort its rows, ascending and then
 * descending, by `data-sort` or else the text; what has no value comes last either way. Without scripts the
 * tables stand as they are.
 */
export const sortScript = `
for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const descending = head.getAttribute('aria-sort') === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      const keyOf = (row) => {
        const cell = row.cells[column];
        return cell.dataset.sort ?? cell.textContent.trim();
      };
      const rows = [...table.tBodies[0].rows].map((row) => ({ row, key: keyOf(row) }));
      rows.sort((a, b) => {
        if (a.key === '' || b.key === '') return (a.key === '') - (b.key === '');
        const [one, other] = [Number(a.key), Number(b.key)];
        const order = Number.isNaN(one) || Number.isNaN(other) ? a.key.localeCompare(b.key) : one - other;
        return descending ? -order : order;
      });
      table.tBodies[0].append(...rows.map(({ row }) => row));
    });
  });
}
`;
