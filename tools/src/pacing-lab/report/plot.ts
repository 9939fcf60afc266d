/** Observable Plot, drawing the same everywhere: without a screen it moves lines by half a pixel if it finds itself in a test (a global `it`),
 *  and the committed charts would differ from what their test draws. */
const scope = globalThis as { window?: unknown };
scope.window = { devicePixelRatio: 2 };
export const Plot = await import('@observablehq/plot');
delete scope.window;
