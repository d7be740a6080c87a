// Escape sequences of terminals in output: colours are taken, everything else is shown, hostile text is bounded.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  findEndStyle,
  looks,
  parseAnsi,
  plainStyle,
  selectStyle,
  trueColour,
} from '../../../webviews/output/ansi';

/** Each piece as `[colour/background look]text`, controls in braces. */
function print(text: string, characters = 1000): string {
  return parseAnsi(text, plainStyle, { characters })
    .pieces.map(({ text: shown, style, isControl }) => {
      const look = Object.entries(looks)
        .filter(([, bit]) => (style.look & bit) !== 0)
        .map(([name]) => name);
      const words = [
        ...(style.foreground === -1 ? [] : [String(style.foreground)]),
        ...(style.background === -1 ? [] : [`on ${style.background}`]),
        ...look,
      ].join(' ');
      return (words === '' ? '' : `[${words}]`) + (isControl ? `{${shown}}` : shown);
    })
    .join('');
}

describe('escape sequences of output', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['text without any', 'loss: 0.5', 'loss: 0.5'],
    ['a colour and its end', '\x1b[31mred\x1b[0m plain', '[1]red plain'],
    ['an end without a number', '\x1b[31mred\x1b[m plain', '[1]red plain'],
    ['bright colours and backgrounds', '\x1b[93;104mx', '[11 on 12]x'],
    ['default colours', '\x1b[31;41mx\x1b[39;49my', '[1 on 1]xy'],
    ['256 colours', '\x1b[38;5;208mx\x1b[48;5;16my', '[208]x[208 on 16]y'],
    ['true colour', '\x1b[38;2;1;2;3mx', `[${trueColour + 0x10203}]x`],
    ['true colour with colons', '\x1b[38:2::255:128:0mx', `[${trueColour + 0xff8000}]x`],
    [
      'what comes after a colour',
      '\x1b[38;5;1;1mx\x1b[38;2;9;9;9;4my',
      `[1 bold]x[${trueColour + 0x90909} bold underline]y`,
    ],
    [
      'looks and their ends',
      '\x1b[1;3;4;7mx\x1b[22;24my',
      '[bold italic underline inverse]x[italic inverse]y',
    ],
    ['colours out of range', '\x1b[38;5;999mx\x1b[38;2;1;2mz', 'xz'],
    ['erasing to the end of the line', 'x\x1b[Ky\x1b[0Kz', 'xyz'],
    ['hiding the cursor', '\x1b[?25lx\x1b[?25h', 'x'],
    ['moves of the cursor, to be seen', 'x\x1b[2Ay\x1b[1;1Hz', 'x{\\x1b[2A}y{\\x1b[1;1H}z'],
    ['clearing the screen, to be seen', '\x1b[2J', '{\\x1b[2J}'],
    ['the title of a terminal, to be seen', '\x1b]0;owned\x07x', '{\\x1b]0;owned\\x07}x'],
    [
      'a link, as text',
      '\x1b]8;;https://example.org\x1b\\here\x1b]8;;\x1b\\',
      '{\\x1b]8;;https://example.org\\x1b\\}here{\\x1b]8;;\\x1b\\}',
    ],
    ['an escape at the end', 'x\x1b', 'x{\\x1b}'],
    ['a sequence that does not end', 'x\x1b[31', 'x{\\x1b[}31'],
    ['a command that does not end', 'x\x1b]8;;y', 'x{\\x1b]}8;;y'],
    ['other controls', 'a\x07b\x08c\x00', 'a\\x07b\\x08c\\x00'],
    ['a tab', 'a\tb', 'a\tb'],
    ['what turns a line round', 'a\u202eb', 'a\\u202eb'],
    ['markup', '<b>&amp;', '<b>&amp;'],
  ];
  for (const [name, text, expected] of cases)
    it(`reads ${name}`, () => {
      assert.equal(print(text), expected);
    });

  it('ends after as many characters as are wanted, and never between the halves of one', () => {
    assert.deepEqual(
      [3, 4, 5].map((characters) => parseAnsi('ab🙂🙂', plainStyle, { characters }).read),
      [2, 4, 4],
    );
    assert.equal(print('\x1b[31mabc\x1b[0mdef', 4), '[1]abcd');
  });

  it('has few pieces of a bomb of colours, and all of its text', () => {
    const bomb = Array.from({ length: 50_000 }, (_, index) => `\x1b[3${index % 8}mx`).join('');
    const { pieces } = parseAnsi(bomb, plainStyle, { characters: 100_000 });
    assert.ok(pieces.length <= 300, `${pieces.length} pieces`);
    assert.equal(pieces.map(({ text }) => text).join(''), 'x'.repeat(50_000));
  });

  it('stops in megabytes of escapes without text', () => {
    const bomb = '\x1b[31m'.repeat(1_000_000);
    const { pieces, read } = parseAnsi(bomb, plainStyle, { characters: 2000 });
    assert.deepEqual(pieces, []);
    assert.ok(read >= 128_000 && read < 129_000, `${read} read`);
  });

  for (const [name, bomb] of [
    ['commands that do not end', '\x1b]8;;'],
    ['sequences that do not end', '\x1b[1;'],
    ['escapes', '\x1b'],
    ['parameters', '\x1b[' + '1;'.repeat(1000)],
  ] as const)
    it(`reads megabytes of ${name} in one go`, () => {
      const text = bomb.repeat(Math.ceil(400_000 / bomb.length));
      const { read } = parseAnsi(text, plainStyle, { characters: text.length, read: text.length });
      assert.equal(read, text.length);
    });

  it('knows the style behind any text as the pieces have it', () => {
    const parts = fc.array(
      fc.constantFrom(
        'a',
        '\x1b[',
        '31',
        'm',
        '\x1b[1m',
        '\x1b[0m',
        '\x1b[38;5;9m',
        ';',
        '\x1b]0;',
        '\x07',
        '\x1b',
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(parts, (list) => {
        const text = list.join('');
        const { pieces } = parseAnsi(`${text}.`, plainStyle, { characters: 1000 });
        assert.equal(
          pieces
            .map(({ text: shown }) => shown)
            .join('')
            .includes('\x1b'),
          false,
        );
        // A command may hide what looks like a colour: only then may the two differ.
        if (!text.includes('\x1b]')) assert.deepEqual(pieces.at(-1)?.style, findEndStyle(text, plainStyle));
      }),
    );
  });

  it('selects nothing that it does not know', () => {
    assert.deepEqual(selectStyle(plainStyle, '5;8;53;999;'), plainStyle);
  });
});
