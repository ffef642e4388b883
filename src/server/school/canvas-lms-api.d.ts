declare module 'canvas-lms-api' {
  /** A client of Canvas's API by others, which brings no types of its own. */
  class Canvas {
    constructor(host: string, options: { readonly accessToken: string });
    get(endpoint: string, query?: Readonly<Record<string, unknown>>): Promise<unknown>;
    post(endpoint: string, query: Readonly<Record<string, unknown>>, form: unknown): Promise<unknown>;
  }
  export { Canvas as default };
}
