/** How fast it plays. */
export const paces = { slow: 'slow', normal: 'normal', fast: 'fast' } as const;
export type Pace = keyof typeof paces;

/** Milliseconds between two steps. */
export const MILLISECONDS: Readonly<Record<Pace, number>> = { slow: 1500, normal: 700, fast: 200 };

/** How a transposed convolution is played: by the cells that it makes, or by those that it takes. */
export const ways = { gather: 'output cells gather', stamp: 'input cells stamp' } as const;
export type Way = keyof typeof ways;

/** What the player shows. */
export interface Playing {
  readonly playing: boolean;
  readonly pace: Pace;
  readonly way: Way;
}
