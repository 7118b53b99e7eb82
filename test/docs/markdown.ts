// Sections, tables, names and links of a page in Markdown.

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

/** Links of a page that stay in the package: the file, empty for the page itself, and the anchor in it, if any. */
export const linksOf = (page: string): { readonly file: string; readonly anchor: string }[] =>
  [...page.matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)].map(([, file, anchor]) => ({ file, anchor }));

/** Anchors of the headings of a page, as GitHub and npm make them. */
export const anchorsOf = (page: string): string[] =>
  [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
