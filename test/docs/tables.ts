// Sections, tables and names of a page in Markdown.

/** The text below each heading `## …`, by heading. */
export const sectionsOf = (page: string): ReadonlyMap<string, string> =>
  new Map(
    page
      .split(/^## /m)
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n'))]),
  );

/** Rows of the first table in a text, the head among them, as cells without the blanks around them. */
export function cellsOf(text: string): string[][] {
  const [table = ''] = /(?:^\|.*\|\n)+/m.exec(text) ?? [];
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.slice(1, -1).split('|'));
  return rows.filter((_, i) => i !== 1).map((cells) => cells.map((cell) => cell.trim()));
}

/** What a text has between backticks. */
export const namesIn = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, name]) => name);
