/** A table in Markdown. @param textColumns  how many columns, from the left, are words; the others are numbers, to the right */
export function markdownTable(head: string[], rows: string[][], textColumns = 1): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index < textColumns ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
