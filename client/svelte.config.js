/** Read by Vite and by svelte-check. Styles go to files, because the page's policy allows no inline style. */
export default {
  compilerOptions: { runes: true, css: 'external' },
};
