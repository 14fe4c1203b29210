import { glob, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitEmoji } from '#sandbox/page/text/emoji.ts';
import { emojiArt } from '#sandbox/page/text/emoji-art.ts';
import { type Inline, type Paragraph, safeHref } from '#sandbox/page/text/formatted.ts';
import { parseMarkdown } from '#sandbox/page/text/markdown.ts';
import { parseMrkdwn, parsePlain } from '#sandbox/page/text/mrkdwn.ts';
import { paragraphsOfRichText } from '#sandbox/page/text/rich-text.ts';
import type { JsonObject } from '#sandbox/page-protocol.ts';

/** The tree as one line: tags for what is styled, brackets for what is referred to. */
function outline(paragraphs: Paragraph[]): string {
  return paragraphs.map(outlineOne).join('¶');
}

function outlineOne(paragraph: Paragraph): string {
  if (paragraph.type === 'pre') return `<pre>${paragraph.text}</pre>`;
  if (paragraph.type === 'rule') return '<hr>';
  if (paragraph.type === 'quote') return `<quote>${outline(paragraph.children)}</quote>`;
  if (paragraph.type === 'heading') return `<h${paragraph.level}>${words(paragraph.children)}`;
  if (paragraph.type === 'table')
    return paragraph.rows.map((row) => `|${row.map(words).join('|')}|`).join('');
  if (paragraph.type === 'paragraph') return words(paragraph.children);
  const items = paragraph.items.map((item) => `${item.indent}${boxOf(item.isDone)}:${words(item.children)}`);
  return `${paragraph.isOrdered ? `<ol ${paragraph.start}>` : '<ul>'}${items.join(';')}`;
}

function boxOf(isDone: boolean | null): string {
  if (isDone === null) return '';
  return isDone ? '[x]' : '[ ]';
}

const marks = { bold: 'b', italic: 'i', strike: 's' };

function words(nodes: Inline[]): string {
  return nodes.map((node) => ('children' in node ? styled(node) : leaf(node))).join('');
}

function styled(node: Extract<Inline, { children: Inline[] }>): string {
  if (node.type === 'link') return `[${words(node.children)}→${node.href}]`;
  return `<${marks[node.type]}>${words(node.children)}</${marks[node.type]}>`;
}

function leaf(node: Exclude<Inline, { children: Inline[] }>): string {
  if (node.type === 'text') return node.text;
  if (node.type === 'break') return '⏎';
  if (node.type === 'code') return `<c>${node.text}</c>`;
  if (node.type === 'emoji') return `(${node.name})`;
  if (node.type === 'broadcast') return `{!${node.range}}`;
  if (node.type === 'date') return `{date ${node.timestamp} ${node.format} ${node.fallback}}`;
  return `{${node.type} ${node.id} ${node.label}}`;
}

describe('mrkdwn', () => {
  it.each([
    ['*bold* _italic_ ~strike~ `code`', '<b>bold</b> <i>italic</i> <s>strike</s> <c>code</c>'],
    ['*_both_* and _*nested*_', '<b><i>both</i></b> and <i><b>nested</b></i>'],
    ['snake_case_name 2*3*4 a~b~c', 'snake_case_name 2*3*4 a~b~c'],
    ['* not bold * and *not closed', '* not bold * and *not closed'],
    ['*a `*` b*', '<b>a <c>*</c> b</b>'],
    ['(*in brackets*), *before!*', '(<b>in brackets</b>), <b>before!</b>'],
    ['one &lt;b&gt; &amp;amp; two', 'one <b> &amp; two'],
    ['`a &lt; b *c*`', '<c>a < b *c*</c>'],
    ['<https://example.com/a?b=1&amp;c=2|the *plan*>', '[the *plan*→https://example.com/a?b=1&c=2]'],
    ['<https://example.com>', '[https://example.com→https://example.com/]'],
    ['see https://example.com/x.', 'see [https://example.com/x→https://example.com/x].'],
    ['<mailto:a@b.co|write> <tel:+1415|call>', '[write→mailto:a@b.co] [call→tel:+1415]'],
    ['<javascript:alert(1)|x>', '<javascript:alert(1)|x>'],
    [
      '<@U1> <@U2|ben> <#C1|general> <!subteam^S1|@ops> <!here>',
      '{user U1 } {user U2 ben} {channel C1 general} {group S1 @ops} {!here}',
    ],
    ['<!date^1392734382^{date} at {time}|in 2014>', '{date 1392734382 {date} at {time} in 2014}'],
    ['<!date^99999999999999999999^{date}|x>', '<!date^99999999999999999999^{date}|x>'],
    [':tada: :nothing_known: 10:30:00', '(tada) :nothing_known: 10:30:00'],
    ['a\nb\n\nc', 'a⏎b⏎⏎c'],
    ['> one\n&gt; two\nthree', '<quote>one⏎two</quote>¶three'],
    ['>>> one\ntwo', '<quote>one⏎two</quote>'],
    ['• one\n• two\nafter', '<ul>0:one;0:two¶after'],
    ['3. three\n4. four', '<ol 3>0:three;0:four'],
    ['before\n```let *x* = &lt;1&gt;;\n\ny```\nafter', 'before⏎¶<pre>let *x* = <1>;\n\ny</pre>¶⏎after'],
    ['*über* sträße_x_', '<b>über</b> sträße_x_'],
    ['', ''],
  ])('reads %j', (text, expected) => {
    expect(outline(parseMrkdwn(text))).toBe(expected);
  });

  it('reads any text without failing, and loses none of its letters', () => {
    const piece = fc.constantFrom(
      '*',
      '_',
      '~',
      '`',
      '```',
      '<',
      '>',
      '|',
      '&lt;',
      '\n',
      '> ',
      '• ',
      ':tada:',
      'https://a.b',
      ' ',
      'x',
      'ü',
      '<@U1>',
      '<!date^1^{date}|d>',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const drawn = outline(parseMrkdwn(text));
        expect(drawn.split('x').length).toBeGreaterThanOrEqual(text.split('x').length);
      }),
    );
  });
});

describe('plain text', () => {
  it.each([
    ['*not* <b>\nnext :wave:', true, '*not* <b>⏎next (wave)'],
    [':wave:', false, ':wave:'],
  ])('reads %j with emoji %s', (text, hasEmoji, expected) => {
    expect(words(parsePlain(text, hasEmoji))).toBe(expected);
  });
});

describe('markdown', () => {
  it.each([
    ['# One\n\n### Three ###', '<h1>One¶<h3>Three'],
    ['**b** __b__ *i* _i_ ~~s~~ `c`', '<b>b</b> <b>b</b> <i>i</i> <i>i</i> <s>s</s> <c>c</c>'],
    ['**bold with *italic* inside**', '<b>bold with <i>italic</i> inside</b>'],
    [
      '[a](https://example.com "t") ![pic](https://example.com/p.png)',
      '[a→https://example.com/] [pic→https://example.com/p.png]',
    ],
    ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
    [
      '<https://example.com> and https://example.org.',
      '[https://example.com→https://example.com/] and [https://example.org→https://example.org/].',
    ],
    ['\\*plain\\* snake_case_name', '*plain* snake_case_name'],
    ['- a\n  - b\n- [x] c\n- [ ] d', '<ul>0:a;1:b;0[x]:c;0[ ]:d'],
    ['2. two\n3. three', '<ol 2>0:two;0:three'],
    ['> quoted **text**\n> more', '<quote>quoted <b>text</b> more</quote>'],
    ['```js\nlet a = "<b>";\n```\nafter', '<pre>let a = "<b>";</pre>¶after'],
    ['| A | B |\n|---|:-:|\n| 1 | a \\| b |', '|A|B||1|a | b|'],
    ['one\ntwo  \nthree', 'one two⏎three'],
    ['a\n\n---\n\nb', 'a¶<hr>¶b'],
    ['<script>x</script>', '<script>x</script>'],
  ])('reads %j', (text, expected) => {
    expect(outline(parseMarkdown(text))).toBe(expected);
  });
});

describe('rich text', () => {
  const section = (...elements: JsonObject[]): JsonObject => ({ type: 'rich_text_section', elements });

  it('becomes the same tree, styles, lists and all', () => {
    const block: JsonObject = {
      type: 'rich_text',
      elements: [
        section(
          { type: 'text', text: 'a', style: { bold: true, strike: true } },
          { type: 'text', text: 'b', style: { code: true } },
        ),
        { type: 'rich_text_list', style: 'bullet', elements: [section({ type: 'text', text: 'x' })] },
        {
          type: 'rich_text_list',
          style: 'bullet',
          indent: 1,
          elements: [section({ type: 'text', text: 'y' })],
        },
        {
          type: 'rich_text_list',
          style: 'ordered',
          offset: 4,
          elements: [section({ type: 'text', text: 'z' })],
        },
        {
          type: 'rich_text_quote',
          elements: [
            { type: 'user', user_id: 'U1' },
            { type: 'broadcast', range: 'here' },
          ],
        },
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'l1\nl2' }] },
        section(
          { type: 'link', url: 'javascript:x', text: 'no' },
          { type: 'emoji', name: 'own', unicode: '1f680' },
          { type: 'emoji', name: 'own' },
        ),
      ],
    };
    expect(outline(paragraphsOfRichText(block))).toBe(
      '<s><b>a</b></s><c>b</c>¶<ul>0:x;1:y¶<ol 5>0:z¶<quote>{user U1 }{!here}</quote>¶<pre>l1\nl2</pre>¶no🚀(own)',
    );
  });
});

describe('emoji', () => {
  it('are found in words with and without their presentation sign', () => {
    expect(splitEmoji('⚠️ stop, ⚠ again © 3')).toEqual([
      { type: 'emoji', name: 'warning' },
      { type: 'text', text: ' stop, ' },
      { type: 'emoji', name: 'warning' },
      { type: 'text', text: ' again © 3' },
    ]);
  });

  it('that the bot uses are drawn, whatever fonts the reader has', async () => {
    const found = new Set<string>();
    for await (const file of glob('src/slack/**/*.ts')) {
      const text = await readFile(file, 'utf8');
      for (const [character] of text.matchAll(/\p{Emoji_Presentation}|\p{Extended_Pictographic}\u{FE0F}/gu))
        found.add(character);
    }
    expect(found.size).toBeGreaterThan(10);
    const undrawn = [...found].filter((character) => {
      const [piece] = splitEmoji(character);
      return piece?.type !== 'emoji' || !Object.hasOwn(emojiArt, piece.name);
    });
    expect(undrawn).toEqual([]);
  });
});

describe('addresses', () => {
  it.each(['javascript:alert(1)', 'data:text/html,x', ' vbscript:x', 'no scheme', ''])(
    'refuses %j',
    (address) => {
      expect(safeHref(address)).toBeNull();
    },
  );
});
