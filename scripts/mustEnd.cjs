// For mocha without --exit: a run that does not end by itself behind its last test says what keeps it, and fails.
const graceMs = 15_000;

exports.mochaHooks = {
  afterAll() {
    setTimeout(() => {
      console.error(`The tests are over, and this keeps their process: ${describe()}.`);
      // Behind mocha's own word, which counts failed tests alone.
      process.on('exit', () => (process.exitCode = 1));
      process.exit();
    }, graceMs).unref();
  },
};

function describe() {
  const counts = new Map();
  for (const what of process.getActiveResourcesInfo()) counts.set(what, (counts.get(what) ?? 0) + 1);
  return [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
}
