import type { Plugin } from 'vite';

const PROBE = "div.innerHTML = '<svg/>';";
const SAFE = "div.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));";

/**
 * Leaflet asks at load whether inline SVG works by writing markup from a string, which the page's policy (trusted
 * types) refuses. The same question is asked here with DOM calls.
 * @throws Error at build when Leaflet no longer holds the line, so that an update cannot break the plan by silence.
 */
export function leafletPlugin(): Plugin {
  return {
    name: 'linli-leaflet',
    enforce: 'pre',
    transform(code, id) {
      if (!/leaflet[\\/]dist[\\/]leaflet-src(\.esm)?\.js$/.test(id.split('?')[0] ?? '')) return undefined;
      if (!code.includes(PROBE)) throw new Error(`Leaflet changed: "${PROBE}" is not in ${id}`);
      return { code: code.replace(PROBE, SAFE), map: null };
    },
  };
}
