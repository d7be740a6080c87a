// A real Slurm as a cluster: what every cluster must do, and what only Slurm can do to a job.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { startEngine, type Engine } from '../../engine/engine';
import { WatchError } from '../../engine/errors';
import { systemClock } from '../../engine/io/clock';
import { randomIds } from '../../engine/io/ids';
import type { Submission } from '../../engine/model';
import type { Cluster, JobReport, Machine } from '../../engine/ports';
import { createSlurmCluster } from '../../engine/slurm/slurmCluster';
import { clusterConformance } from '../engine/clusterConformance';
import { toDirectory } from '../engine/fakeCluster';
import { inThreadMatcher } from '../engine/inThreadMatcher';
import { MemoryStore } from '../engine/memoryStore';
import { startDaemon } from '../slurm/daemon';
import { findObstacle } from '../slurm/packages';
import { createResearcherMachine } from '../slurm/researcherMachine';
import { startSlurm, type SlurmTestBed } from '../slurm/slurmTestBed';
import { waitFor } from '../waitFor';
import { ownActions } from '../engine/ownActions';
import { deliversMail, openMailbox } from '../slurm/mailbox';

const obstacle = findObstacle();
const patience = 60_000;

/** Of the system: works beside the researcher. */
const second = { name: 'games', uid: 5, gid: 60 };

const openCluster = (machine: Machine): Cluster =>
  createSlurmCluster({
    name: 'real',
    kind: 'local',
    machine,
    traits: { queryIntervalMs: 300, minIntervalMs: 100, settleMs: 500 },
  });

const startWatching = (cluster: Cluster, store: MemoryStore): Promise<Engine> =>
  startEngine({
    clusters: toDirectory(cluster),
    store,
    matcher: inThreadMatcher,
    clock: systemClock,
    ids: randomIds,
    random: Math.random,
    actions: ownActions,
  });

const logging = (pattern: string, message: string): string =>
  `#WATCHER pattern="${pattern}" interval=1s action=log_event(message="${message}")`;

if (obstacle !== undefined) console.log(`Absent here: a real Slurm (${obstacle}).`);
else {
  for (const accounting of [false, true]) {
    describe(`Slurm ${accounting ? 'with' : 'without'} accounting`, () => {
      let slurm: SlurmTestBed;
      let engine: Engine | undefined;
      let store: MemoryStore;
      let folder: string;
      before(async () => {
        // With accounting the controller forgets soon, so that much is asked of sacct.
        slurm = await startSlurm({ accounting, minJobAge: accounting ? 3 : 300 });
        folder = (await open().findPrivateFolder()) ?? '';
      });
      after(() => slurm.stop());
      afterEach(async () => {
        await engine?.close();
        engine = undefined;
      });

      const open = (further: Readonly<Record<string, string>> = {}): Cluster =>
        openCluster(createResearcherMachine(slurm, further));
      const toSubmission = (body: string, options: readonly string[] = []): Submission => {
        const script = `#!/bin/bash\n${body}\n`;
        const cleanScript = script.replaceAll(/^#WATCHER.*$/gm, '');
        const token = randomIds.next();
        return { token, scriptName: 'job.sh', script, cleanScript, workdir: slurm.workdir, options, folder };
      };
      const find = async (cluster: Cluster, id: string): Promise<JobReport | undefined> =>
        (await cluster.query([id])).find((report) => report.id === id);
      const reach = (cluster: Cluster, id: string, state: string): Promise<JobReport> =>
        waitFor(
          `${id} ${state}`,
          async () => {
            const report = await find(cluster, id);
            return report?.state === state && report;
          },
          patience,
        );
      const watch = async (body: string, options: readonly string[] = []): Promise<string> => {
        store = new MemoryStore();
        engine = await startWatching(open(), store);
        const { scriptName, workdir, script } = toSubmission(body);
        const { job } = await engine.submit({ cluster: 'real', scriptName, script, workdir, options });
        return job.id;
      };
      const results = async (): Promise<readonly string[]> =>
        ((await engine?.events({})) ?? [])
          .filter(({ kind }) => kind !== 'trigger')
          .map(({ result }) => result);
      const untilEnded = (): Promise<boolean> =>
        waitFor('the end', async () => (await engine?.jobs({ live: true }))?.length === 0, patience);

      const untilForgotten = (id: string): Promise<boolean> =>
        waitFor(
          'that the controller has forgotten it',
          async () => !(await slurm.run('squeue', '-h', '-t', 'all', '-o', '%F')).split('\n').includes(id),
          patience,
        );

      clusterConformance(
        'of it',
        () => {
          const cluster = open();
          return Promise.resolve({
            cluster,
            workdir: slurm.workdir,
            ...(deliversMail && { mailbox: openMailbox() }),
            until: (what, look) => waitFor(what, look, patience),
            reopen: () => Promise.resolve(open()),
            close: () => cluster.close(),
          });
        },
        deliversMail,
      );

      it('watches a hundred tasks, twenty at a time, with one squeue for all', async () => {
        const id = await watch(
          `#SBATCH --array=1-100%20\n${logging('n=\\d+', '$ARRAY_TASK_ID $0')}\necho n=$SLURM_ARRAY_TASK_ID`,
        );
        await waitFor('tasks', async () => (await engine?.jobs({ job: id }))?.length === 101, patience);
        assert.ok(engine);
        // A tick that only reads has none.
        await waitFor('a tick that asks', () => engine?.clusters[0]?.lastTickCommands === 1, patience);
        await untilEnded();
        const logged = (await results()).filter((result) => /^\d+ n=\d+$/.test(result));
        assert.deepEqual(
          [...logged].sort(),
          Array.from({ length: 100 }, (_, index) => `${index + 1} n=${index + 1}`).sort(),
        );
        const tasks = (await engine.jobs({})).filter(({ parent }) => parent !== null);
        assert.ok(tasks.every(({ state }) => state === 'COMPLETED'));
      });

      it('goes on with a job that is queued again', async () => {
        const id = await watch(
          `${logging('run \\d', '$0')}\necho run \${SLURM_RESTART_COUNT:-0}\n[ "$SLURM_RESTART_COUNT" = 1 ] || sleep 600`,
        );
        await waitFor('its first run', async () => (await results()).includes('run 0'), patience);
        await slurm.run('scontrol', 'requeue', id);
        await untilEnded();
        const seen = await results();
        assert.ok(seen.includes('run 1'), seen.join('\n'));
        assert.ok(seen.includes(`job ${id} was queued again (1)`));
        assert.equal(seen.at(-1), `job ${id} ended: COMPLETED`);
        assert.equal((await engine?.jobs({}))?.length, 1);
      });

      if (accounting) addAccountingTests();
      else addPlainTests();

      function addAccountingTests(): void {
        it('tells of tasks that came and went between two queries', async () => {
          const cluster = open();
          const { id } = await cluster.submit(toSubmission('sleep 1', ['--array=1-4%2']));
          await waitFor('waiting tasks', async () => (await find(cluster, id)) !== undefined);
          await untilForgotten(id);
          const tasks = await waitFor('all tasks', async () => {
            const reports = (await cluster.query([id])).filter(({ arrayTask }) => arrayTask !== null);
            return reports.length === 4 && reports;
          });
          assert.deepEqual(
            tasks.map((report) => `${report.id} ${report.state}`).sort(),
            [1, 2, 3, 4].map((task) => `${id}_${task} COMPLETED`),
          );
        });

        const atEnd = `#WATCHER name=end trigger_on_job_end=true trigger_job_states=[completed,cancelled,failed] action=log_event(message="end: $JOB_ID $job_end_state")`;
        const runOnce = 'echo run ${SLURM_RESTART_COUNT:-0}\n[ "$SLURM_RESTART_COUNT" = 1 ] || sleep 600';

        for (const [how, options, interrupt] of [
          [
            'preempted',
            ['--partition=low', '--exclusive'],
            async () => {
              const { id } = await open().submit(
                toSubmission('sleep 1', ['--partition=high', '--exclusive']),
              );
              await reach(open(), id, 'COMPLETED');
            },
          ],
          [
            'lost with its node',
            ['--nodelist=node2', '--partition=debug'],
            async () => {
              await slurm.run('scontrol', 'update', 'NodeName=node2', 'State=DOWN', 'Reason=test');
              await slurm.run('scontrol', 'update', 'NodeName=node2', 'State=RESUME').catch(() => '');
            },
          ],
        ] as const)
          it(`goes on with a job that was ${how}, queued again, and forgotten while nobody watched`, async () => {
            const id = await watch(`${logging('run \\d', '$0')}\n${atEnd}\n${runOnce}`, options);
            await waitFor('its first run', async () => (await results()).includes('run 0'), patience);
            await engine?.close();
            await interrupt();
            await waitFor(
              'the end of its second run',
              async () =>
                (await slurm.run('sacct', '-n', '-P', '-X', '-j', id, '-o', 'State')).trim() === 'COMPLETED',
              patience,
            );
            await untilForgotten(id);
            engine = await startWatching(open(), store);
            await untilEnded();
            const seen = await results();
            assert.ok(seen.includes(`job ${id} was queued again (1)`), seen.join('\n'));
            assert.ok(seen.includes(`end: ${id} completed`), seen.join('\n'));
            assert.equal(seen.at(-1), `job ${id} ended: COMPLETED`);
          });

        for (const how of ['is down', 'hangs'])
          it(`lets only a forgotten job wait for accounting that ${how}, and names that`, async () => {
            const gone = await watch(`${atEnd}\nsleep 1`);
            await waitFor(
              'its row',
              async () => (await engine?.jobs({ job: gone }))?.[0]?.started !== null,
              patience,
            );
            await engine?.close();
            await untilForgotten(gone);
            if (how === 'hangs') slurm.freezeAccounting();
            else await slurm.stopAccounting();
            try {
              engine = await startWatching(open(), store);
              const told = await waitFor(
                'what is the matter',
                async () => (await results()).find((result) => result.includes('cannot be known yet')),
                patience,
              );
              assert.match(told, /Accounting \(slurmdbd\) does not answer: /);
              assert.doesNotMatch(told, /controller does not answer/);
              const { scriptName, workdir, script } = toSubmission(`${logging('n=\\d', '$0')}\necho n=1`);
              const { job } = await engine.submit({
                cluster: 'real',
                scriptName,
                script,
                workdir,
                options: [],
              });
              await waitFor(
                'the end of the other',
                async () => (await results()).includes(`job ${job.id} ended: COMPLETED`),
                patience,
              );
              assert.ok((await results()).includes('n=1'));
              assert.ok(engine.clusters.every(({ trouble }) => trouble === null));
              assert.equal((await engine.jobs({ job: gone }))[0]?.endState, null);
            } finally {
              await slurm.startAccounting();
            }
            await untilEnded();
            assert.ok((await results()).includes(`end: ${gone} completed`));
            assert.equal(
              (await results()).filter((result) => result.includes('cannot be known yet')).length,
              1,
            );
          });

        it('acts at the end of an array that was cancelled before any task of it began', async () => {
          const id = await watch(atEnd, ['--array=1-5', '--hold']);
          await waitFor('the array', async () => (await engine?.jobs({ job: id }))?.[0]?.isArray, patience);
          await engine?.cancelJob('real', id);
          await untilEnded();
          const seen = await results();
          assert.deepEqual(
            seen.filter((result) => result.startsWith('end:')),
            [`end: ${id} cancelled`],
          );
          assert.equal(seen.at(-1), `job ${id} ended: CANCELLED by you`);
        });

        it('ends an array in the worst end of its tasks, with counts', async () => {
          const id = await watch('exit $((SLURM_ARRAY_TASK_ID == 2 ? 3 : 0))', ['--array=1-4%1']);
          await untilEnded();
          const [array] = (await engine?.jobs({ job: id }))?.filter(({ isArray }) => isArray) ?? [];
          assert.deepEqual(
            [array?.state, array?.endState, array?.taskEnds],
            ['FAILED', 'failed', { FAILED: 1, COMPLETED: 3 }],
          );
          assert.ok((await results()).includes(`job ${id} ended: FAILED (1 FAILED, 3 COMPLETED)`));
        });

        it('shows a job that its time limit ended', async () => {
          const cluster = open();
          const { id } = await cluster.submit(toSubmission('sleep 600'));
          await reach(cluster, id, 'RUNNING');
          await slurm.run('scontrol', 'update', `JobId=${id}`, 'EndTime=now+1');
          await reach(cluster, id, 'TIMEOUT');
        });

        it('makes one job of a submission whose connection broke at any moment', async () => {
          for (let round = 0; round < 20; round++) {
            const submission = { ...toSubmission('exit 0'), scriptName: `cut${round}.sh` };
            const machine = createResearcherMachine(slurm);
            // The local machine ends the whole process group, as a login node does with a session.
            const cut = openCluster({
              ...machine,
              run: (command) =>
                machine.run(
                  command.input === undefined
                    ? command
                    : { ...command, timeLimitMs: 20 + Math.random() * 150 },
                ),
            });
            await cut.submit(submission).catch(() => undefined);
            const { id } = await open().submit(submission);
            assert.deepEqual(await open().findSubmission(submission), { id });
            assert.deepEqual(await countJobs(submission), [id]);
          }
        });

        it('knows what became of a submission whose sbatch was killed at any moment', async () => {
          for (let round = 0; round < 5; round++) {
            const submission = { ...toSubmission('exit 0'), scriptName: `killed${round}.sh` };
            const running = open()
              .submit(submission)
              .catch(() => undefined);
            await waitFor('its processes', () => killAll(submission.token, Math.random() * 100));
            await running;
            const found = await open().findSubmission(submission);
            assert.deepEqual(await open().findSubmission(submission), found);
            assert.deepEqual(await countJobs(submission), found === null ? [] : [found.id]);
            if (found === null) await assert.rejects(open().submit(submission), /given up/);
            else assert.deepEqual(await open().submit(submission), found);
          }
        });
      }

      const countJobs = async ({ scriptName }: Submission): Promise<readonly string[]> =>
        (
          await slurm.run(
            'sacct',
            '-n',
            '-P',
            '-X',
            `--name=${scriptName}`,
            '-S',
            'now-1hour',
            '-o',
            'JobID,JobName',
          )
        )
          .split('\n')
          .concat(
            (await slurm.run('squeue', '-h', '-t', 'all', `--name=${scriptName}`, '-o', '%i|')).split('\n'),
          )
          .map((line) => line.split('|')[0] ?? '')
          .filter((id, index, all) => id !== '' && all.indexOf(id) === index);

      const secondMachine = (): Machine => {
        const home = join(slurm.directory, 'second');
        mkdirSync(home);
        chownSync(home, second.uid, second.gid);
        const { name, uid, gid } = second;
        return createResearcherMachine({
          ...slurm,
          researcher: { ...slurm.researcher, name, uid, gid, home },
        });
      };

      function addPlainTests(): void {
        it('is not misled by the environment, and keeps it from jobs', async () => {
          const home = join(slurm.directory, 'home');
          mkdirSync(home);
          writeFileSync(join(home, '.bash_profile'), 'tool() { :; }\nexport -f tool\necho Welcome!\n');
          const cluster = open({
            HOME: home,
            SQUEUE_STATES: 'CD',
            SQUEUE_FORMAT: '%j',
            SBATCH_JOB_NAME: 'wrong',
            SLURM_JOB_ID: '7',
            SLURM_TIME_FORMAT: 'relative',
            VSCODE_PID: '1',
          });
          const body = 'env | grep -cE "^(VSCODE_|SBATCH_)"\ntype -t tool\nsleep 600';
          const { id } = await cluster.submit(toSubmission(body));
          const { name, outputs } = await reach(cluster, id, 'RUNNING');
          assert.equal(name, 'job.sh');
          await waitFor(
            'what the job sees',
            () =>
              existsSync(outputs.stdout ?? '') &&
              readFileSync(outputs.stdout ?? '', 'utf8') === '0\nfunction\n',
          );
          await cluster.cancel(id);
        });

        it('sweeps the folders of old submissions, but no live one and nothing else', async () => {
          const cluster = open();
          const [live, over, last] = [
            toSubmission('sleep 600'),
            toSubmission('exit 0'),
            toSubmission('exit 0'),
          ];
          const { id } = await cluster.submit(live);
          await cluster.findSubmission(over);
          // What version 0.1.0 left in the working directory.
          const old = join(slurm.workdir, '.slurm-watchers');
          const left = (place: string): readonly string[] => (existsSync(place) ? readdirSync(place) : []);
          execFileSync('runuser', [
            '-u',
            slurm.researcher.name,
            '--',
            'sh',
            '-c',
            `umask 077; mkdir -p ${old}/old1/.submission ${folder}/mine; echo '*' > ${old}/.gitignore`,
          ]);
          const then = new Date(Date.now() - 40 * 24 * 3600_000);
          for (const path of [
            `${folder}/mine`,
            `${old}/old1/.submission`,
            ...[live, over].map(({ token }) => `${folder}/${token}/.submission`),
          ])
            utimesSync(path, then, then);
          await cluster.submit(last);
          await waitFor('the sweep', () => !left(folder).includes(over.token) && !existsSync(old));
          await waitFor('its end', () => findProcesses(last.token).length === 0);
          assert.deepEqual(
            ['mine', live.token, last.token].filter((name) => !left(folder).includes(name)),
            [],
          );
          rmSync(`${folder}/mine`, { recursive: true });
          await cluster.cancel(id);
        });

        it('sweeps nothing at the end of a link that somebody has put into the working directory', async () => {
          const shared = join(slurm.directory, 'shared links');
          const mine = join(slurm.workdir, 'mine');
          for (const path of [shared, mine]) mkdirSync(path);
          chmodSync(shared, 0o1777);
          chownSync(mine, slurm.researcher.uid, slurm.researcher.gid);
          chmodSync(mine, 0o755);
          writeFileSync(join(mine, '.gitignore'), '*');
          symlinkSync(mine, join(shared, '.slurm-watchers'));
          const submission = { ...toSubmission('exit 0'), workdir: shared };
          await open().submit(submission);
          await waitFor('its end', () => findProcesses(submission.token).length === 0);
          assert.deepEqual([statSync(mine).mode & 0o777, readdirSync(mine)], [0o755, ['.gitignore']]);
        });

        it('never takes a script or an answer from a folder of another user', async () => {
          const shared = join(slurm.directory, 'shared');
          mkdirSync(shared);
          chmodSync(shared, 0o1777);
          const trap = join(shared, '.slurm-watchers');
          mkdirSync(trap);
          chownSync(trap, second.uid, second.gid);
          chmodSync(trap, 0o777);
          // Puts their own script in the place of every token's, as quickly as they can.
          const attack = `cd ${trap} && while :; do for t in *; do [ -e "$t/job.sh" ] && [ ! -e "$t.ours" ] && mv "$t" "$t.ours" && mkdir -p "$t/.submission" && printf '#!/bin/bash\\necho attacked\\n' > "$t/job.sh"; done; done 2>/dev/null`;
          const attacker = startDaemon(
            'setpriv',
            [`--reuid=${second.uid}`, `--regid=${second.gid}`, '--clear-groups', 'sh', '-c', attack],
            { log: join(slurm.directory, 'log/attacker') },
          );
          try {
            const cluster = open();
            const { id } = await cluster.submit({
              ...toSubmission(
                'echo mine; env | grep -c SLURM_WATCHERS; echo $SLURM_JOB_NAME $SLURM_SUBMIT_DIR',
              ),
              workdir: shared,
            });
            const { name, outputs } = await reach(cluster, id, 'COMPLETED');
            assert.equal(name, 'job.sh');
            assert.equal(readFileSync(outputs.stdout ?? '', 'utf8'), `mine\n0\njob.sh ${shared}\n`);
            assert.deepEqual(readdirSync(trap), []);
          } finally {
            await attacker.stop();
          }
        });

        it('serves two users who work in one directory', async () => {
          const group = join(slurm.directory, 'group');
          mkdirSync(group);
          chmodSync(group, 0o1777);
          for (const machine of [createResearcherMachine(slurm), secondMachine()]) {
            const cluster = openCluster(machine);
            const own = (await cluster.findPrivateFolder()) ?? '';
            const submission = { ...toSubmission('id -u', ['--output=%u.out']), workdir: group, folder: own };
            await reach(cluster, (await cluster.submit(submission)).id, 'COMPLETED');
          }
          assert.deepEqual(readdirSync(group).sort(), [`${second.name}.out`, 'researcher.out']);
        });

        it('refuses to hand in from a home that others may write to, and says why', async () => {
          const home = join(slurm.directory, 'open home');
          mkdirSync(home);
          chownSync(home, slurm.researcher.uid, slurm.researcher.gid);
          const cluster = open({ HOME: home });
          const submission = {
            ...toSubmission('exit 0'),
            folder: (await cluster.findPrivateFolder()) ?? '',
          };
          chmodSync(home, 0o777);
          await assert.rejects(
            cluster.submit(submission),
            (error) =>
              error instanceof WatchError &&
              error.code === 'submission-refused' &&
              error.message.includes(`${home} is writable for everybody`) &&
              error.remedy.includes('chmod go-w'),
          );
          assert.equal(await cluster.findSubmission(submission), null);
          const command = {
            ...{ token: randomIds.next(), command: 'id > ran', environment: {}, timeoutSeconds: 60 },
            ...{ workdir: slurm.workdir, folder: submission.folder },
          };
          await assert.rejects(
            cluster.runCommand(command),
            (error) =>
              error instanceof WatchError &&
              error.code === 'bad-request' &&
              error.message.includes(`${home} is writable for everybody`),
          );
          assert.ok(!existsSync(join(slurm.workdir, 'ran')));
          chmodSync(home, 0o700);
          assert.equal((await cluster.runCommand(command)).exitCode, 0);
          const { id } = await cluster.submit({ ...submission, token: randomIds.next() });
          await reach(cluster, id, 'COMPLETED');
        });

        it('still finds what version 0.1.0 was handing in when it was interrupted, but believes nobody else', async () => {
          const { folder: absent, ...old } = toSubmission('exit 0');
          assert.equal(absent, folder);
          const place = join(slurm.workdir, '.slurm-watchers');
          const answer = `printf '0\\0374711\\n\\037'`;
          const as = (user: string, script: string): void => {
            execFileSync('runuser', ['-u', user, '--', 'sh', '-c', `umask 077; ${script}`]);
          };
          const { researcher } = slurm;
          as(
            researcher.name,
            `mkdir -p ${place}/${old.token}/.submission && ${answer} > ${place}/${old.token}/.submission/answer`,
          );
          assert.deepEqual(await open().findSubmission(old), { id: '4711' });
          rmSync(place, { recursive: true });
          assert.equal(await open().findSubmission(old), null);
          assert.ok(!existsSync(place));

          chmodSync(slurm.workdir, 0o1777);
          as(
            second.name,
            `umask 0; mkdir -p ${place}/${old.token}/.submission && ${answer} > ${place}/${old.token}/.submission/answer`,
          );
          assert.equal(await open().findSubmission(old), null);
          rmSync(place, { recursive: true });
          const elsewhere = join(slurm.directory, 'elsewhere');
          mkdirSync(elsewhere);
          chmodSync(elsewhere, 0o1777);
          as(
            researcher.name,
            `mkdir -p ${elsewhere}/${old.token}/.submission && ${answer} > ${elsewhere}/${old.token}/.submission/answer`,
          );
          symlinkSync(elsewhere, place);
          assert.equal(await open().findSubmission(old), null);
          rmSync(place);
          chmodSync(slurm.workdir, 0o755);
        });

        it('runs a login set-up with what the profile sets, and shows nothing of what the profile prints', async () => {
          const home = join(slurm.directory, 'set-up home');
          mkdirSync(home, { mode: 0o700 });
          chownSync(home, slurm.researcher.uid, slurm.researcher.gid);
          writeFileSync(
            join(home, '.bash_profile'),
            'echo Welcome!\nmodule() { echo "module $1 of $SITE"; }\nexport SITE=here\n',
          );
          const cluster = openCluster(
            createResearcherMachine(slurm, { HOME: home, SLURM_JOB_ID: '1', VSCODE_PID: '1' }),
          );
          const commands = 'module load\necho "${SLURM_JOB_ID-none} ${VSCODE_PID-none}"\npwd\nsleep 600 &';
          assert.deepEqual(await cluster.setUp(commands, slurm.workdir, () => undefined), {
            code: 0,
            output: `module load of here\nnone none\n${slurm.workdir}\n`,
          });
          const { code, output } = await cluster.setUp(
            'echo one',
            join(slurm.workdir, 'nowhere'),
            () => undefined,
          );
          assert.equal(code, 1);
          assert.match(output, /nowhere/);
          await cluster.close();
        });

        it('takes options of the profile as sbatch does by hand, and none that our own process brings', async () => {
          const home = join(slurm.directory, 'profile');
          mkdirSync(home);
          const profile = (text: string): void => {
            writeFileSync(join(home, '.bash_profile'), text);
          };
          chownSync(home, slurm.researcher.uid, slurm.researcher.gid);
          const cluster = open({
            HOME: home,
            SBATCH_PARTITION: 'down',
            SBATCH_OUTPUT: 'wrong',
            VSCODE_PID: '1',
          });
          const own = (await cluster.findPrivateFolder()) ?? '';
          const submission = (body: string, options: readonly string[] = []): Submission => ({
            ...toSubmission(body, options),
            folder: own,
          });
          profile(
            'export SBATCH_PARTITION=low SBATCH_OUTPUT=prof-%j.out SBATCH_OPEN_MODE=append SBATCH_WAIT=1 NODE_OPTIONS=--mine',
          );
          const first = submission(
            '#SBATCH --output=script.out --partition=debug\necho $NODE_OPTIONS; env | grep -c "^VSCODE_"; exit 0',
          );
          const found = await cluster.submit(first);
          assert.deepEqual(found.given, [`--output=prof-%j.out`, '--open-mode=append']);
          assert.deepEqual(await cluster.findSubmission(first), found);
          const report = await reach(cluster, found.id, 'COMPLETED');
          assert.equal(report.partition, 'low');
          const path = join(slurm.workdir, `prof-${found.id}.out`);
          assert.deepEqual(report.outputs, { stdout: path, stderr: path });
          assert.equal(readFileSync(path, 'utf8'), '--mine\n0\n');
          const { id } = await cluster.submit(submission('exit 0', ['--output=line.out', '-p', 'debug']));
          assert.equal((await reach(cluster, id, 'COMPLETED')).partition, 'debug');
          profile('export SLURM_CLUSTERS=elsewhere');
          await assert.rejects(
            cluster.submit(submission('exit 0')),
            (error) =>
              error instanceof WatchError &&
              /start-up files send jobs to the cluster elsewhere/.test(error.message),
          );
        });

        it('finds sbatch where only a login shell does', async () => {
          const folder = join(slurm.directory, 'bin');
          mkdirSync(folder);
          for (const tool of readdirSync('/usr/bin'))
            if (!/^(sbatch|squeue|scontrol|scancel|sacct)$/.test(tool))
              symlinkSync(`/usr/bin/${tool}`, join(folder, tool));
          const cluster = open({ PATH: folder });
          const { id } = await cluster.submit(toSubmission('exit 0'));
          await reach(cluster, id, 'COMPLETED');
        });

        it('says what sbatch says, and of which line', async () => {
          await assert.rejects(
            open().submit(toSubmission('#SBATCH --mem=1M\n#SBATCH --partition=nowhere\nexit 0')),
            (error) =>
              error instanceof WatchError &&
              error.code === 'submission-refused' &&
              error.message.includes('invalid partition specified: nowhere') &&
              error.remedy.includes('job.sh:3: #SBATCH --partition=nowhere'),
          );
        });

        it('refuses a working directory that is not there, or not for us', async () => {
          const refuses = async (workdir: string, message: RegExp): Promise<void> => {
            const submission = { ...toSubmission('exit 0'), workdir };
            await assert.rejects(
              open().submit(submission),
              (error) =>
                error instanceof WatchError &&
                error.code === 'submission-refused' &&
                message.test(error.message),
            );
            assert.equal(await open().findSubmission(submission), null);
          };
          await refuses('/nowhere', /The job cannot work in \/nowhere .*\/nowhere/);
          await refuses('/root', /Permission denied|can't cd/);
        });

        it('does not wait for the job where the script asks sbatch to', async () => {
          const cluster = open();
          const { id } = await cluster.submit(toSubmission('#SBATCH --wait\nsleep 600', ['-W']));
          await reach(cluster, id, 'RUNNING');
          await cluster.cancel(id);
        });

        it('shows held, dependent, later, suspended and heterogeneous jobs', async () => {
          const cluster = open();
          const submit = async (...options: string[]): Promise<string> =>
            (await cluster.submit(toSubmission('sleep 600', options))).id;
          const held = await submit('--hold');
          const dependent = await submit(`--dependency=afterok:${held}`);
          const later = await submit('--begin=now+1hour');
          const running = await submit('--no-requeue');
          const composed = (
            await cluster.submit(toSubmission('#SBATCH -n1\n#SBATCH hetjob\n#SBATCH -n1\nsleep 600'))
          ).id;
          await reach(cluster, running, 'RUNNING');
          await reach(cluster, composed, 'RUNNING');
          await slurm.run('scontrol', 'suspend', running);
          const reports = await cluster.query([held, dependent, later, running, composed]);
          assert.deepEqual(
            reports.map(({ id, state, reason, requeueable }) => [id, state, reason, requeueable]).sort(),
            [
              [held, 'PENDING', 'JobHeldUser', true],
              [dependent, 'PENDING', 'Dependency', true],
              [later, 'PENDING', 'BeginTime', true],
              [running, 'SUSPENDED', '', false],
              [composed, 'RUNNING', '', true],
            ].sort(),
          );
          for (const { id } of reports) await cluster.cancel(id);
          await reach(cluster, composed, 'CANCELLED');
        });

        it('asks nothing of sacct', async () => {
          const cluster = open();
          await cluster.query(['999999']);
          const before = cluster.commands;
          await cluster.query(['999999']);
          assert.equal(cluster.commands - before, 2, 'squeue and scontrol');
        });

        it('completes a job that the controller has forgotten as unknown', async () => {
          const conf = join(slurm.directory, 'etc/slurm.conf');
          writeFileSync(conf, readFileSync(conf, 'utf8').replace(/^MinJobAge=.*$/m, 'MinJobAge=2'));
          await slurm.run('scontrol', 'reconfigure');
          const id = await watch(`${logging('n=\\d', '$0')}\nsleep 2\necho n=1`);
          const [job] = (await engine?.jobs({})) ?? [];
          await engine?.close();
          await untilForgotten(id);
          engine = await startWatching(open(), store);
          await untilEnded();
          assert.deepEqual((await results()).slice(1), [
            `the cluster no longer knows job ${id}; how it ended is unknown`,
            'n=1',
            `job ${id} ended: UNKNOWN`,
          ]);
          assert.ok(job?.submission);
          assert.deepEqual(await open().findSubmission(job.submission), { id });
        });

        it('fails while the controller is stopped, and never calls a job missing', async () => {
          const id = await watch(`${logging('n=\\d', '$0')}\necho n=1\nsleep 600`);
          await waitFor('its output', async () => (await results()).includes('n=1'), patience);
          await slurm.stopController();
          const status = await waitFor(
            'trouble',
            () => engine?.clusters.find(({ trouble }) => trouble !== null),
            patience,
          );
          assert.match(status.trouble ?? '', /unable to contact/i);
          assert.equal(status.state, 'disconnected');
          await slurm.startController();
          await waitFor(
            'recovery',
            () => engine?.clusters.every(({ trouble }) => trouble === null),
            patience,
          );
          assert.ok(!(await results()).some((result) => /no longer knows|ended/.test(result)));
          await engine?.cancelJob('real', id);
          await untilEnded();
          assert.ok((await results()).at(-1)?.startsWith(`job ${id} ended: CANCELLED`));
        });
      }
    });
  }
}

/** Kills whoever has the token in its arguments, after `delayMs`; whether there was anybody. */
async function killAll(token: string, delayMs: number): Promise<boolean> {
  const pids = findProcesses(token);
  if (pids.length === 0) return false;
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  for (const pid of findProcesses(token)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH');
    }
  }
  return true;
}

const findProcesses = (token: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`/${token}`);
      } catch {
        return false; // It has ended meanwhile.
      }
    })
    .map(Number);
