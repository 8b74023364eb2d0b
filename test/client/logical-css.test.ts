import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';

const folder = new URL('../../client/src/', import.meta.url);

/** Properties and values that name a side of the screen instead of a side of the text. */
const PHYSICAL =
  /(?:^|[\s;{])((?:margin|padding|border)-(?:left|right)|left|right|border-(?:top|bottom)-(?:left|right)-radius)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b/;

function styles(): { name: string; css: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    if (!/\.(css|svelte)$/.test(name)) return [];
    const text = readFileSync(new URL(name, folder), 'utf8');
    const css = name.endsWith('.css')
      ? text
      : [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map((found) => found[1]).join('\n');
    return [{ name, css: css.replace(/\/\*[\s\S]*?\*\//g, '') }];
  });
}

describe('the style sheets', () => {
  it('follow the direction of the text: no physical left or right', () => {
    const found = styles();
    expect(found.length).to.be.greaterThan(20);
    for (const { name, css } of found) {
      for (const line of css.split('\n')) expect(line, name).to.not.match(PHYSICAL);
    }
  });

  it('notice a physical side (the rule itself)', () => {
    for (const line of ['margin-left: 4px;', '  right: 0;', '.a { float: left; }', 'text-align: right;']) {
      expect(PHYSICAL.test(line), line).to.equal(true);
    }
    for (const line of [
      'inset-inline-start: 0;',
      'margin-inline: 4px;',
      '--right: 1px;',
      'text-align: start;',
    ]) {
      expect(PHYSICAL.test(line), line).to.equal(false);
    }
  });

  it('hold no fixed height on what carries words', () => {
    for (const { name, css } of styles()) {
      expect(css, name).to.not.match(/(?:^|[\s;{])height\s*:\s*\d/);
      expect(css, `${name}: nothing is cut with an ellipsis`).to.not.match(/text-overflow\s*:\s*ellipsis/);
    }
  });

  it('put no style into markup, which the policy of the page would refuse', () => {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.svelte')) continue;
      const text = readFileSync(new URL(name, folder), 'utf8');
      expect(text, name).to.not.match(/\sstyle="/);
      expect(text, `${name}: markup from strings`).to.not.match(/\{@html|innerHTML/);
    }
  });
});
