// Login set-ups: which lines they are, what sbatch gets instead, and what is wrong with them.
import assert from 'node:assert/strict';
import { checkBatchScript } from '../../language/batchScript';
import { findLoginCommands, parseScript } from '../../language/script';

const setUp =
  '#LOGIN_SETUP_BEGIN\npip install -r requirements.txt\n\n# a comment\nmodule load cuda\n#LOGIN_SETUP_END';

describe('a login set-up', () => {
  it('is what stands between its markers, and is blanked in what sbatch gets', () => {
    const script = parseScript(`#!/bin/bash\n${setUp}\n#SBATCH --time=1\npython train.py\n`);
    assert.deepEqual(script.problems, []);
    assert.equal(
      findLoginCommands(script),
      'pip install -r requirements.txt\n\n# a comment\nmodule load cuda',
    );
    assert.deepEqual(
      script.loginSetups.map(({ line, endLine }) => [line, endLine]),
      [[2, 7]],
    );
    assert.equal(script.cleanText, '#!/bin/bash\n\n\n\n\n\n\n#SBATCH --time=1\npython train.py\n');
  });

  it('is no command of the script: #SBATCH lines after it count', () => {
    const text = `#!/bin/bash\n${setUp}\n#SBATCH --time=1\npython train.py\n`;
    assert.deepEqual(checkBatchScript(text, parseScript(text)).problems, []);
  });

  it('may be several, in their order, and indented', () => {
    const script = parseScript(
      '  #LOGIN_SETUP_BEGIN  \n  echo 1\n  #LOGIN_SETUP_END\n#WATCHER pattern="x"\n#LOGIN_SETUP_BEGIN\necho 2\n#LOGIN_SETUP_END\n',
    );
    assert.equal(findLoginCommands(script), '  echo 1\necho 2');
    assert.equal(script.watchers.length, 1);
  });

  it('is none in a text of the program, and a script without one has none', () => {
    const text = `cat <<END\n${setUp}\nEND\necho "\n${setUp}\n"\n`;
    const script = parseScript(`#!/bin/bash\n${text}`);
    assert.equal(findLoginCommands(script), null);
    assert.equal(script.cleanText, `#!/bin/bash\n${text}`);
    assert.equal(findLoginCommands(parseScript('#WATCHER pattern="x"\necho\n')), null);
  });

  it('may hold quotes and here-documents of its own, which end with it', () => {
    const script = parseScript(
      '#LOGIN_SETUP_BEGIN\ncat > a <<END\nit\'s\nEND\necho \'open\n#LOGIN_SETUP_END\n#WATCHER pattern="x"\n',
    );
    assert.equal(script.watchers.length, 1);
  });

  it('blanks no line of the program if it is not closed', () => {
    assert.equal(parseScript('#LOGIN_SETUP_BEGIN\npython train.py\n').cleanText, '\npython train.py\n');
  });
});
