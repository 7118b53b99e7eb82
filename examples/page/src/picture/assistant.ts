import type { Filtered, Reply, Request } from './messages.js';
import type { Pixels } from './pixels.js';

/** A worker that answers one request after the other. */
export class Assistant {
  readonly #worker = new Worker(new URL('picture-worker.js', import.meta.url), { type: 'module' });
  #last: Promise<unknown> = Promise.resolve();

  #ask(request: Request): Promise<Reply> {
    const reply = this.#last.then(
      () =>
        new Promise<Reply>((resolve, reject) => {
          this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => resolve(data);
          this.#worker.onerror = ({ message }) => reject(new Error(message));
          this.#worker.postMessage(request);
        }),
    );
    this.#last = reply.catch(() => {});
    return reply.then((value) => {
      if ('failure' in value) throw new Error(value.failure);
      return value;
    });
  }

  async paint(width: number, height: number): Promise<Pixels> {
    const { picture } = (await this.#ask({ ask: 'paint', width, height })) as { picture: Pixels };
    return picture;
  }

  filter(request: Omit<Extract<Request, { ask: 'filter' }>, 'ask'>): Promise<Filtered> {
    return this.#ask({ ask: 'filter', ...request }) as Promise<Filtered>;
  }
}
