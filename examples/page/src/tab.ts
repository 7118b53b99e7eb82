/** One of the views of the page. */
export interface Tab {
  readonly element: HTMLElement;
  /** Shows what an address asks for. */
  show(query: URLSearchParams): void;
  /** Called when another view takes its place. */
  leave(): void;
}

/** Puts what a view shows into the address. */
export type Remember = (query: URLSearchParams) => void;
