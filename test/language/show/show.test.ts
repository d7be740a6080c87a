// Foreign text in each place where it is shown: nothing of it is heeded, and nothing of it is lost.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toCsvCell } from '../../../language/show/csv';
import { toHtml } from '../../../language/show/html';
import { toJson } from '../../../language/show/json';
import { toLogEntry } from '../../../language/show/log';
import { toMailBody, toMailHeader } from '../../../language/show/mail';
import {
  inMarkdown,
  toMarkdown,
  toMarkdownBlock,
  toMarkdownCode,
  toMarkdownTable,
} from '../../../language/show/markdown';
import { toSarifText } from '../../../language/show/sarif';
import { toSlack } from '../../../language/show/slack';
import { toTerminal } from '../../../language/show/terminal';
import { toVisible, toVisibleLines } from '../../../language/show/visible';
import { toVsCodeLabel, toVsCodeMessage, toVsCodePlain } from '../../../language/show/vscode';

type Show = (text: string) => string;

const cases =
  (show: Show) =>
  (text: string, expected: string): void => {
    it(`${JSON.stringify(text)} becomes ${JSON.stringify(expected)}`, () => {
      assert.equal(show(text), expected);
    });
  };

/** Whatever is made of it must be readable: nothing but this is left of what cannot be seen. */
const unseen =
  /(?![\n\t\u0600-\u0605\u06dd\u08e2\u{110bd}\u{110cd}])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u3164]/u;

const all: Readonly<Record<string, Show>> = {
  visible: toVisible,
  'visible lines': toVisibleLines,
  terminal: toTerminal,
  log: toLogEntry,
  'message of VS Code': toVsCodeMessage,
  'label of VS Code': toVsCodeLabel,
  'plain text of VS Code': toVsCodePlain,
  Markdown: toMarkdown,
  'code in Markdown': toMarkdownCode,
  'block in Markdown': toMarkdownBlock,
  HTML: toHtml,
  CSV: toCsvCell,
  JSON: (text) => toJson(text),
  'mail header': toMailHeader,
  'mail body': toMailBody,
  Slack: toSlack,
  SARIF: toSarifText,
};

describe('a webhook of Slack', () => {
  const webhook = 'https://hooks.slack.com/services/T0/B0/abcdef';
  for (const [place, show] of Object.entries(all))
    if (place !== 'JSON')
      it(`is masked in ${place}`, () => {
        const shown = show(`curl -d x ${webhook}`);
        assert.ok(!shown.includes('abcdef') && /…[0-9a-f]{12}/.test(shown), shown);
      });
});

describe('what cannot be seen', () => {
  const hidden = [
    ...Array.from({ length: 0x20 }, (_, code) => code).filter((code) => ![9, 10, 13].includes(code)),
    ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index),
    ...[0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029],
    ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0x3164, 0xfeff],
    ...[0xfff9, 0xd800, 0xdfff, 0xe0001, 0xe0041, 0xe0100],
  ];
  for (const [name, show] of Object.entries(all))
    it(`is an escape that people can read: ${name}`, () => {
      for (const code of hidden) {
        const shown = show(`a${String.fromCodePoint(code)}b`);
        assert.doesNotMatch(shown, unseen, code.toString(16));
        // Markdown has a mark before it.
        const words = shown.replace(/\\(?=[{}])/g, '');
        assert.match(
          words,
          new RegExp(`${code.toString(16).padStart(2, '0')}|\\\\[ubf]`, 'i'),
          code.toString(16),
        );
      }
    });
  for (const [name, show] of Object.entries(all))
    it(`is never in any text: ${name}`, () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => {
          assert.doesNotMatch(show(text), unseen);
        }),
      );
    });
  const visible = cases(toVisible);
  visible('plain ünïcode 😀 ❤️ عربى', 'plain ünïcode 😀 ❤️ عربى');
  visible('a\tb\r\nc', 'a b\\x0d\\x0ac');
  visible('\x1b]8;;x\x07\u202e\u{e0041}\ud800', '\\x1b]8;;x\\x07\\u202e\\u{e0041}\\ud800');
  const lines = cases(toVisibleLines);
  lines('a\tb\r\nc\rd', 'a\tb\nc\\x0dd');
  it('has one line where a place has one', () => {
    const single = [toVisible, toTerminal, toVsCodeLabel, toVsCodePlain, toMarkdownCode, toMailHeader];
    for (const show of single)
      fc.assert(
        fc.property(fc.string(), fc.string(), (one, other) => {
          assert.doesNotMatch(show(`${one}\r\n${other}`), /[\r\n]/);
        }),
      );
  });
  it('is made visible once: text that was is left alone', () => {
    for (const show of [toVisible, toVisibleLines, toTerminal, toVsCodeMessage, toVsCodeLabel, toVsCodePlain])
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => {
          assert.equal(show(show(text)), show(text));
        }),
      );
  });
});

/** VS Code's own expression, base/common/linkedText.ts. */
const vsCodeLink = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
/** VS Code's own expression, base/browser/ui/iconLabel/iconLabels.ts. */
const vsCodeIcon = /(\\)?\$\(([A-Za-z0-9-]+(?:~[A-Za-z]+)?)\)/;

describe('messages of VS Code', () => {
  const message = cases(toVsCodeMessage);
  message('[open](command:x)', '[open] (command:x)');
  message('[a](https://x.org "t")', '[a] (https://x.org "t")');
  message('[a](FILE:///etc/passwd)', '[a] (FILE:///etc/passwd)');
  message('[a](vscode://x)', '[a] (vscode://x)');
  message('loss[:=](\\d+) and [:=](?:x|y)', 'loss[:=](\\d+) and [:=](?:x|y)');
  message('runs echo $(date)', 'runs echo $(date)');
  message('a\nb', 'a\nb');
  it('never make a link', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      'command:',
      'https://',
      'file:',
      'x',
      ' ',
      '\n',
      '\u200b',
      '"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const shown = toVsCodeMessage(pieces.join(''));
        assert.doesNotMatch(shown, vsCodeLink);
        // Notifications have no lines.
        assert.doesNotMatch(shown.replaceAll('\n', ' '), vsCodeLink);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('labels of VS Code', () => {
  const label = cases(toVsCodeLabel);
  label('$(error) done', '\\$(error) done');
  label('$(sync~spin)', '\\$(sync~spin)');
  label('\\$(error)', '\\$(error)');
  label('echo $(date +%s)', 'echo $(date +%s)');
  label('[a](command:x)', '[a] (command:x)');
  it('never make a link or an icon', () => {
    const piece = fc.constantFrom('[', ']', '(', ')', 'command:', '$', '\\', '$(', 'x', '~', 'spin', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const shown = toVsCodeLabel(pieces.join(''));
        assert.doesNotMatch(shown, vsCodeLink);
        const icons = [...shown.matchAll(new RegExp(vsCodeIcon, 'g'))];
        assert.ok(
          icons.every(([, escaped]) => escaped !== undefined),
          shown,
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe('Markdown', () => {
  const words = cases(toMarkdown);
  words('[a](command:x)', '\\[a\\]\\(command:x\\)');
  words('<b>&amp;|', '\\<b\\>\\&amp;\\|');
  words('https://x.org www.x.org a@b.c', 'https\\://x.org www\\.x.org a\\@b.c');
  words('a, "b"; it\'s 5%', 'a, "b"; it\'s 5%');
  words('    code', '&nbsp;&nbsp;&nbsp;&nbsp;code');
  words('a\nb', 'a\\\nb');
  words('`x` *y* _z_ ~~q~~', '\\`x\\` \\*y\\* \\_z\\_ \\~\\~q\\~\\~');
  const code = cases(toMarkdownCode);
  code('a`b``c', '``` a`b``c ```');
  code('', '` `');
  code('x\n\n[a](command:x)', '`x\\x0a\\x0a[a](command:x)`');
  const block = cases((text) => toMarkdownBlock(text, 'bash'));
  block('echo hi', '```bash\necho hi\n```');
  block('```\n[a](command:x)\n````', '`````bash\n```\n[a](command:x)\n````\n`````');
  it('keeps each cell of a table on its line', () => {
    assert.equal(
      toMarkdownTable([['a|b', 'c\n| d | e |']]),
      '\n\n| | |\n|---|---|\n| a\\|b | c\\\\x0a\\| d \\| e \\| |\n',
    );
    assert.equal(toMarkdownTable([]), '');
  });
  it('takes nothing but what was made for it', () => {
    // @ts-expect-error Text as it is.
    assert.equal(inMarkdown`a ${'[b](c)'}`, 'a [b](c)');
    assert.equal(inMarkdown`a ${toMarkdown('[b]')} ${3}`, 'a \\[b\\] 3');
  });
});

describe('logs', () => {
  const log = cases(toLogEntry);
  log(
    'a\n2026-11-29T11:00:00.000Z [1] The engine ends',
    'a\n    2026-11-29T11:00:00.000Z [1] The engine ends',
  );
  log('a\r\nb\rc\u2028d\n', 'a\n    b\\x0dc\\u2028d');
});

describe('CSV', () => {
  const csv = cases(toCsvCell);
  csv('plain', '"plain"');
  csv('a "b", c\nd', '"a ""b"", c\nd"');
  for (const sign of ['=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20']) {
    csv(`${sign}1`, `"'${sign}1"`);
    csv(`  ${sign}1`, `"'  ${sign}1"`);
    csv(`\u00a0"${sign}1`, `"'\u00a0""${sign}1"`);
    csv(`x;${sign}1`, `"x;'${sign}1"`);
    csv(`x\t ${sign}1`, `"x\t' ${sign}1"`);
    csv(`x\n${sign}1`, `"x\n'${sign}1"`);
  }
  csv('\t=1', '"\'\t\'=1"');
  csv('a-b = c', '"a-b = c"');
  it('has no cell with a formula, whatever separates cells', () => {
    const piece = fc.constantFrom('=', '+', ';', '\t', '\n', '\r', '"', ' ', 'x', ',', '\uff1d');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.constantFrom(';', '\t', '\n'),
        (pieces, separator) => {
          const row = `1,${toCsvCell(pieces.join(''))}`;
          // As a reader with another separator takes it: quotation marks within a cell are nothing to it.
          for (const cell of row.split(separator).slice(1)) assert.doesNotMatch(cell, /^[\s"]*[=+\uff1d]/);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('mail', () => {
  const header = cases(toMailHeader);
  header('done\r\nBcc: all@x.org', 'done Bcc: all@x.org');
  header('--config=x', "'--config=x");
  header('a\u0000b\u2028c\u000bd', 'a\\x00b\\u2028c\\x0bd');
  header('x'.repeat(300), 'x'.repeat(200));
  const body = cases(toMailBody);
  body('~!rm -rf\n.\nFrom me\r\n. x', ' ~!rm -rf\n .\n From me\n. x');
});

describe('Slack', () => {
  const slack = cases(toSlack);
  slack(
    '<!channel> & <@U1> <https://x.org|bank>',
    '&lt;!channel&gt; &amp; &lt;@U1&gt; &lt;https://x.org|bank&gt;',
  );
  slack('&lt;!here&gt;', '&amp;lt;!here&amp;gt;');
});

describe('HTML', () => {
  cases(toHtml)('<b a="\'`">&', '&lt;b a=&quot;&#39;&#96;&quot;&gt;&amp;');
});

describe('SARIF', () => {
  cases(toSarifText)('see [a](1) and [b](https://x)', 'see [a] (1) and [b] (https://x)');
});
