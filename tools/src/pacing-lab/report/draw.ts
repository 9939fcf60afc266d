import type { PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Plot } from './plot.ts';

const FONT = 'system-ui, sans-serif';
const LEGEND_HEIGHT = 26;

/** Dialers as the charts show them, in the order of the legend. */
export const COLOURS = {
  progressive: '#7a7a7a',
  'legacy ×6': '#c77f1a',
  Issabel: '#9463b8',
  'power, tuned': '#3b8f5a',
  'VICIdial, tuned': '#c43c39',
  predictive: '#1f5fbf',
  reference: '#111111',
} as const;
export type Shown = keyof typeof COLOURS;

/** What every chart has in common. */
export function chartOptions(names: readonly Shown[]): PlotOptions {
  return {
    width: 860,
    style: { fontFamily: FONT, fontSize: '11px', background: 'white' },
    color: { type: 'categorical', domain: names, range: names.map((name) => COLOURS[name]) },
  };
}

/** Draws a chart, with a legend above it, as one SVG document that needs nothing beside it. */
export function drawSvg(options: PlotOptions, names: readonly Shown[]): string {
  const { document } = parseHTML('<html><body></body></html>');
  const chart = Plot.plot({ ...options, document: document as unknown as PlotOptions['document'] });
  const [width, height] = ['width', 'height'].map((name) => Number(chart.getAttribute(name))) as [number, number];
  chart.setAttribute('y', String(LEGEND_HEIGHT));
  const legend = names.map((name, index) => `<circle cx="${16 + index * 120}" cy="13" r="4.5" fill="${COLOURS[name]}"/><text x="${26 + index * 120}" y="17">${name}</text>`).join('');
  const outer = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + LEGEND_HEIGHT}" viewBox="0 0 ${width} ${height + LEGEND_HEIGHT}" font-family="${FONT}" font-size="11">`;
  return `${outer}<rect width="100%" height="100%" fill="white"/>${legend}${rounded(chart.outerHTML)}</svg>\n`;
}

/** Coordinates to a hundredth: the last digits may differ between machines. */
const rounded = (svg: string): string => svg.replaceAll(/\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100));
