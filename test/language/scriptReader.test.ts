// A script that changes is read as if it were new, whatever was read before.
import assert from 'node:assert/strict';
import { createScriptReader, parseScript } from '../../language/script';
import { createRandom } from './seededRandom';

const pieces = [
  '#WATCHER pattern="a (b)" captures=[x] action=log_event("$x")\n',
  '#WATCHER patern="(" action=resubmit\n',
  '#WATCHER_BEGIN\n# pattern: (a)\n# actions:\n#  - cancel_job if 1 <\n#WATCHER_END\n',
  '#WATCHER_BEGIN\n# pattern: (a)\n# captures:\n#  - a\n#WATCHER_END\n',
  '#WATCHER_BEGIN\n',
  '#WATCHER_END\n',
  'x=1; echo "${x}"\n',
  'cat <<EOF\n',
  'EOF\n',
  '#SBATCH -n 1\n',
  '\r',
  '"',
  '😀',
  '\n',
  ' ',
];

describe('a script that changes', () => {
  it('is read as if it were new', () => {
    const random = createRandom(7);
    for (let round = 0; round < 20; round++) {
      const read = createScriptReader();
      let text = '';
      for (let step = 0; step < 40; step++) {
        const at = random(text.length + 1);
        const cut = random(4) === 0 ? random(30) : 0;
        text = text.slice(0, at) + (pieces[random(pieces.length)] ?? '') + text.slice(at + cut);
        assert.deepEqual(read(text), parseScript(text), JSON.stringify(text));
      }
    }
  });

  it('keeps directives that have not moved', () => {
    const read = createScriptReader();
    const first = '#WATCHER pattern="a"\n';
    const [before] = read(`${first}#WATCHER pattern="b"`).directives;
    const [after] = read(`${first}#WATCHER pattern="bc"`).directives;
    assert.equal(after?.fields, before?.fields);
  });
});
