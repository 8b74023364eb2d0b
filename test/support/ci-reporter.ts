import Mocha from 'mocha';

/** Mocha's own output, closed by the one line that counts: `N passed, N failed, N skipped`. */
export default class CiReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { stats } = this;
    // The `end` handler would print before Spec's own summary.
    process.once('exit', () => {
      process.stdout.write(`\n${stats.passes} passed, ${stats.failures} failed, ${stats.pending} skipped\n`);
    });
  }
}
