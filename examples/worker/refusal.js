// What a request is answered with when it is not served.

export class Refusal extends Error {
  #status;
  #headers;

  /**
   * @param {number} status
   * @param {string} reason one line for people
   * @param {Record<string, string>} [headers]
   */
  constructor(status, reason, headers = {}) {
    super(reason);
    this.#status = status;
    this.#headers = headers;
  }

  response() {
    const headers = { 'content-type': 'text/plain; charset=utf-8', ...this.#headers };
    return new Response(`${this.message}\n`, { status: this.#status, headers });
  }
}
