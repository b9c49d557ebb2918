/** Templates escape what is put in, wherever it stands. */
import { expect, it } from 'vitest';
import { html, raw } from './html.js';

it('escapes texts in elements and attributes, and leaves its own markup', () => {
  const hostile = `</script><b a="1" b='2'>&\0`;
  const list = [html`<br />`, null, 'a<b'];
  // prettier-ignore
  const { markup } = html`<p title="${hostile}">${hostile}${html`<i>${1.5}</i>`}${list}</p>`;
  const text = '&lt;/script&gt;&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;\uFFFD';
  expect(markup).toBe(`<p title="${text}">${text}<i>1.5</i><br />a&lt;b</p>`);
});

it('takes markup as it is where that is said', () => {
  expect(html`${raw('<svg/>')}`.markup).toBe('<svg/>');
});
