// A client in a process of its own: connects, says who welcomed it, and stays until its input ends.
import { connectEngine } from '../../engine/link/connect';

const [home = '', bundleDirectory = '', version = ''] = process.argv.slice(2);

void connectEngine({
  home,
  bundleDirectory,
  version,
  clientName: 'test',
  keepRunning: null,
  start: true,
  onChange: () => undefined,
  onLost: () => undefined,
}).then((link) => {
  process.stdout.write(`${JSON.stringify(link.welcome)}\n`);
  process.stdin.once('close', () => void link.close()).resume();
});
