// Lines as programs of clusters print them, with what is selected of each, and what an expert would make of it.

export interface SampleLine {
  readonly program: string;
  readonly line: string;
  /** A part of the line; absent for all of it. */
  readonly selected?: string;
  readonly above?: readonly string[];
  /** `<float>` stands for the group that takes every number that C and Python print, `<Float>` for that of Fortran. */
  readonly pattern: string;
  /** The names of its groups. */
  readonly captures: string;
}

const groups: Readonly<Record<string, string>> = {
  '<float>': String.raw`([+-]?(?:\d[\d.eE+-]*|nan|inf))`,
  '<Float>': String.raw`([+-]?(?:\d[\d.eE+-]*|(?i:nan|inf(?:inity)?)))`,
};

/** The pattern that is expected, with its groups. */
export const patternOfSample = ({ pattern }: SampleLine): string =>
  pattern.replace(/<[fF]loat>/g, (name) => groups[name] ?? name);

const lammpsHeader = '   Step          Temp          E_pair         E_mol          TotEng         Press     ';
const lammpsRow = '       100   300.21        -4.6132        0             -4.1632         1.2231    ';
const vaspHeader =
  '       N       E                     dE             d eps       ncg     rms          rms(c)';
const cp2kHeader = '  Step     Update method      Time    Convergence         Total energy    Change';
const trainerDict = "{'loss': 2.31, 'grad_norm': 1.2, 'learning_rate': 5e-05, 'epoch': 0.5}";
const lightningBar = 'Epoch 3:  45%|████▌     | 45/100 [00:12<00:15,  3.61it/s, v_num=0, loss=0.31]';

export const sampleLines: readonly SampleLine[] = [
  {
    program: 'PyTorch',
    line: 'epoch 3 | loss: 0.31 | lr 1e-4',
    selected: '0.31',
    pattern: String.raw`\bloss: <float>`,
    captures: 'loss',
  },
  {
    program: 'PyTorch',
    line: 'epoch 3 | loss: 0.31 | lr 1e-4',
    pattern: String.raw`\bepoch (\d+) \| loss: <float> \| lr <float>`,
    captures: 'epoch loss lr',
  },
  {
    program: 'PyTorch',
    line: 'Train Epoch: 1 [640/60000 (1%)]\tLoss: 2.289',
    selected: 'Loss: 2.289',
    pattern: String.raw`Loss: <float>`,
    captures: 'loss',
  },
  {
    program: 'PyTorch',
    line: 'Epoch: [0][  10/5005]\tTime  0.353 ( 1.131)\tLoss 7.0e+00 (7.0e+00)',
    selected: '7.0e+00',
    pattern: String.raw`Loss <float>`,
    captures: 'loss',
  },
  {
    program: 'PyTorch',
    line: 'train/loss 0.31',
    selected: '0.31',
    pattern: String.raw`\btrain/loss <float>`,
    captures: 'train_loss',
  },
  {
    program: 'PyTorch',
    line: 'loss: 0.5 val_loss: 0.7',
    selected: '0.5',
    pattern: String.raw`\bloss: <float>`,
    captures: 'loss',
  },
  {
    program: 'PyTorch',
    line: 'train loss: 0.5, eval loss: 0.7',
    selected: 'train loss: 0.5',
    pattern: String.raw`\btrain loss: <float>`,
    captures: 'train_loss',
  },
  {
    program: 'PyTorch',
    line: 'Epoch 3/10',
    selected: '3/10',
    pattern: String.raw`Epoch (\d+)/(\d+)`,
    captures: 'epoch epochs',
  },
  {
    program: 'PyTorch',
    line: 'loss=nan',
    selected: 'nan',
    pattern: String.raw`\bloss=<float>`,
    captures: 'loss',
  },
  {
    program: 'PyTorch',
    line: 'saved checkpoint to /scratch/me/ckpt_3.pt',
    selected: '/scratch/me/ckpt_3.pt',
    pattern: String.raw`\bcheckpoint to (\S+)`,
    captures: 'checkpoint',
  },
  {
    program: 'Hugging Face',
    line: trainerDict,
    pattern: String.raw`'loss': <float>, 'grad_norm': <float>, 'learning_rate': <float>, 'epoch': <float>`,
    captures: 'loss grad_norm learning_rate epoch',
  },
  {
    program: 'Hugging Face',
    line: trainerDict,
    selected: '2.31',
    pattern: String.raw`'loss': <float>`,
    captures: 'loss',
  },
  {
    program: 'Hugging Face',
    line: "{'loss': '2.31', 'grad_norm': '1.2'}",
    selected: '2.31',
    pattern: String.raw`'loss': '<float>`,
    captures: 'loss',
  },
  {
    program: 'Lightning',
    line: lightningBar,
    pattern: String.raw`Epoch (\d+):\s*<float>%\|[^|]*\| (\d+)/(\d+) \[([\d:]+)<([\d:]+),\s*<float>it/s, v_num=(\d+), loss=<float>`,
    captures: 'epoch percent step steps elapsed remaining it_per_s v_num loss',
  },
  {
    program: 'Lightning',
    line: lightningBar,
    selected: '45%',
    pattern: String.raw`<float>%`,
    captures: 'percent',
  },
  {
    program: 'Lightning',
    line: lightningBar,
    selected: '45/100',
    pattern: String.raw`\| (\d+)/(\d+)`,
    captures: 'step steps',
  },
  {
    program: 'Lightning',
    line: lightningBar,
    selected: '3.61it/s',
    pattern: String.raw`<float>it/s`,
    captures: 'it_per_s',
  },
  {
    program: 'Lightning',
    line: lightningBar,
    selected: 'loss=0.31',
    pattern: String.raw`\bloss=<float>`,
    captures: 'loss',
  },
  {
    program: 'Keras',
    line: '469/469 ━━━━━━━━━━━━━━━━━━━━ 3s 5ms/step - accuracy: 0.9012 - loss: 0.3312',
    selected: 'accuracy: 0.9012 - loss: 0.3312',
    pattern: String.raw`\baccuracy: <float> - loss: <float>`,
    captures: 'accuracy loss',
  },
  {
    program: 'Keras',
    line: '100/100 - 2s - loss: 0.3312 - acc: 0.9012',
    selected: 'loss: 0.3312 - acc: 0.9012',
    pattern: String.raw`\bloss: <float> - acc: <float>`,
    captures: 'loss acc',
  },
  {
    program: 'tqdm',
    line: ' 42%|████      | 42/100 [00:10<00:14,  4.20it/s]',
    pattern: String.raw`<float>%\|[^|]*\| (\d+)/(\d+) \[([\d:]+)<([\d:]+),\s*<float>it/s`,
    captures: 'percent step steps elapsed remaining it_per_s',
  },
  {
    program: 'tqdm',
    line: 'old\r 42%|##   | 42/100',
    selected: '42%',
    pattern: String.raw`<float>%`,
    captures: 'percent',
  },
  {
    program: 'DeepSpeed',
    line: '[2023-07-25 21:03:21,037] [INFO] [logging.py:96:log_dist] [Rank 0] step=35, skipped=0, lr=[2.17e-06, 2.17e-06], mom=[[0.9, 0.95]]',
    selected: 'step=35, skipped=0',
    pattern: String.raw`\bstep=(\d+), skipped=(\d+)`,
    captures: 'step skipped',
  },
  {
    program: 'DeepSpeed',
    line: ' samples/sec: 7.799 | iteration       34/   10000 | learning rate: 2.111E-06 |',
    pattern: String.raw`\bsamples/sec: <float> \| iteration\s+(\d+)/\s*(\d+) \| learning rate: <Float>`,
    captures: 'samples_sec iteration iterations learning_rate',
  },
  {
    program: 'GROMACS',
    line: '            100        0.20000',
    above: ['           Step           Time'],
    pattern: String.raw`^\s*(\d+)\s+<float>`,
    captures: 'step time',
  },
  {
    program: 'GROMACS',
    line: 'step 500, remaining wall clock time:    12 s',
    selected: '12',
    pattern: String.raw`\bremaining wall clock time:\s*(\d+)`,
    captures: 'remaining_wall_clock_time',
  },
  {
    program: 'LAMMPS',
    line: lammpsRow,
    selected: '-4.6132',
    above: ['Setting up Verlet run ...', lammpsHeader],
    pattern: String.raw`^\s*\S+\s+\S+\s+<float>`,
    captures: 'e_pair',
  },
  {
    program: 'LAMMPS',
    line: lammpsRow,
    above: [lammpsHeader, '         0   300.00 -4.7 0 -4.2 1.1'],
    pattern: String.raw`^\s*(\d+)\s+<float>\s+<float>\s+<float>\s+<float>\s+<float>`,
    captures: 'step temp e_pair e_mol tot_eng press',
  },
  {
    program: 'OpenFOAM',
    line: 'smoothSolver:  Solving for Ux, Initial residual = 1.0e-05, Final residual = 2.3e-07, No Iterations 3',
    pattern: String.raw`Initial residual = <float>, Final residual = <float>, No Iterations (\d+)`,
    captures: 'initial_residual final_residual iterations',
  },
  {
    program: 'OpenFOAM',
    line: 'ExecutionTime = 10.2 s  ClockTime = 11 s',
    pattern: String.raw`ExecutionTime = <float> s\s+ClockTime = (\d+)`,
    captures: 'execution_time clock_time',
  },
  {
    program: 'OpenFOAM',
    line: 'Courant Number mean: 0.112 max: 0.851',
    selected: 'max: 0.851',
    pattern: String.raw`\bmax: <float>`,
    captures: 'max_value',
  },
  {
    program: 'VASP',
    line: '   1 F= -.36E+02 E0= -.36E+02  d E =-.1E-03',
    pattern: String.raw`F= ([+-]?(?:\.?\d[\d.eE+-]*|(?i:nan|inf(?:inity)?))) E0= ([+-]?(?:\.?\d[\d.eE+-]*|(?i:nan|inf(?:inity)?)))`,
    captures: 'f e0',
  },
  {
    program: 'VASP',
    line: 'DAV:   3    -0.152E+02   -0.48E-01   -0.4E-02  1234   0.2E+00    0.6E-01',
    selected: '-0.152E+02',
    above: [vaspHeader],
    pattern: String.raw`^DAV:\s+\S+\s+<Float>`,
    captures: 'e',
  },
  {
    program: 'Quantum ESPRESSO',
    line: '!    total energy              =     -22.80493136 Ry',
    selected: '-22.80493136',
    pattern: String.raw`\btotal energy\s*=\s*<float>`,
    captures: 'total_energy',
  },
  {
    program: 'Quantum ESPRESSO',
    line: '     estimated scf accuracy    <       1.5E-15 Ry',
    pattern: String.raw`\bestimated scf accuracy\s*<\s*<Float>`,
    captures: 'estimated_scf_accuracy',
  },
  {
    program: 'CP2K',
    line: '     1 OT DIIS     0.15E+00 1261.9     0.00000101      -412.4425164003 -4.12E+02',
    selected: '-412.4425164003',
    above: [cp2kHeader, ' ------'],
    pattern: String.raw`^\s*(?:\S+\s+){6}<float>`,
    captures: 'total_energy',
  },
  {
    program: 'NAMD',
    line: 'ENERGY:    100   20.1  30.2   40.3   0.5',
    selected: '40.3',
    above: ['ETITLE:   TS  BOND  ANGLE  DIHED IMPRP'],
    pattern: String.raw`^ENERGY:\s+(?:\S+\s+){3}<float>`,
    captures: 'angle',
  },
  {
    program: 'Gaussian',
    line: ' SCF Done:  E(RB3LYP) =  -76.4089533     A.U. after   10 cycles',
    selected: '-76.4089533',
    pattern: String.raw`E\(RB3LYP\) =\s*<float>`,
    captures: 'e',
  },
  {
    program: 'WRF',
    line: 'Timing for main: time 2000-01-24_12:03:00 on domain   1:    3.82010 elapsed seconds',
    selected: '3.82010',
    pattern: String.raw`<float> elapsed seconds`,
    captures: 'elapsed_seconds',
  },
  {
    program: 'Fortran',
    line: ' DT = 1.0D-05',
    selected: '1.0D-05',
    pattern: String.raw`DT = ([+-]?(?:\d[\d.dDeEqQ+-]*|(?i:nan|inf(?:inity)?)))`,
    captures: 'dt',
  },
  {
    program: 'Fortran',
    line: ' energies  -0.10E+01-0.20E+01',
    selected: '-0.20E+01',
    pattern: String.raw`\benergies\s+[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|(?i:nan|inf(?:inity)?))([+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|(?i:nan|inf(?:inity)?)))`,
    captures: 'value',
  },
  {
    program: 'Snakemake',
    line: '3 of 10 steps (30%) done',
    pattern: String.raw`(\d+) of (\d+) steps \(<float>%`,
    captures: 'step steps percent',
  },
  {
    program: 'Nextflow',
    line: '[ab/123456] process > ALIGN (3) [ 30%] 3 of 10',
    selected: '[ 30%] 3 of 10',
    pattern: String.raw`<float>%] (\d+) of (\d+)`,
    captures: 'percent step steps',
  },
  {
    program: 'nvidia-smi',
    line: '2026/01/02 10:00:00.123, 45 %, 1234 MiB',
    selected: '1234',
    above: ['timestamp, utilization.gpu [%], memory.used [MiB]'],
    pattern: String.raw`^[^,]*,[^,]*, (\d+)`,
    captures: 'memory_used',
  },
  {
    program: 'CSV',
    line: '3,0.31,0.9',
    above: ['epoch,loss,acc', '2,0.4,0.8'],
    pattern: String.raw`^(\d+),<float>,<float>`,
    captures: 'epoch loss acc',
  },
  {
    program: 'Slurm',
    line: 'slurmstepd: error: *** JOB 4711 ON node17 CANCELLED AT 2026-01-02T10:00:00 DUE TO TIME LIMIT ***',
    selected: 'CANCELLED AT 2026-01-02T10:00:00 DUE TO TIME LIMIT',
    pattern: String.raw`CANCELLED AT \d+-\d+-\d+T\d+:\d+:\d+ DUE TO TIME LIMIT`,
    captures: '',
  },
  {
    program: 'Slurm',
    line: 'slurmstepd: error: *** JOB 4711 ON node17 CANCELLED AT 2026-01-02T10:00:00 DUE TO TIME LIMIT ***',
    pattern: String.raw`\bslurmstepd: error:.*?JOB (\d+) ON \w+ CANCELLED AT \d+-\d+-\d+T\d+:\d+:\d+ DUE TO TIME LIMIT`,
    captures: 'job',
  },
  {
    program: 'Slurm',
    line: 'sacct: 4711_3.batch COMPLETED',
    selected: '4711_3.batch',
    pattern: String.raw`\bsacct: ([\w.]+)`,
    captures: 'sacct',
  },
  {
    program: 'PyTorch',
    line: 'iter 10: train loss 1.2345, time 53.2ms, mfu 12.3%',
    pattern: String.raw`\biter (\d+): train loss <float>, time <float>ms, mfu <float>`,
    captures: 'iter loss time mfu',
  },
  {
    program: 'tqdm',
    line: 'Training:  45%|####5     | 45/100 [00:12<00:15,  3.61s/it]',
    selected: '45%|####5     | 45/100',
    pattern: String.raw`<float>%\|[^|]*\| (\d+)/(\d+)`,
    captures: 'percent step steps',
  },
  {
    program: 'Slurm',
    line: 'slurmstepd: error: Detected 1 oom_kill event in StepId=42.0.',
    selected: 'Detected 1 oom_kill event',
    pattern: String.raw`Detected (\d+) oom_kill event`,
    captures: 'oom_kill',
  },
  {
    program: 'Slurm',
    line: 'srun: error: node17: task 3: Exited with exit code 1',
    selected: 'exit code 1',
    pattern: String.raw`\bexit code (\d+)`,
    captures: 'code',
  },
  {
    program: 'Python',
    line: 'Traceback (most recent call last):',
    pattern: String.raw`Traceback \(most recent call last\):`,
    captures: '',
  },
  {
    program: 'Python',
    line: 'processed 1,234,567 rows in 3.2 s',
    selected: '1,234,567',
    pattern: String.raw`([\d,]+) rows`,
    captures: 'rows',
  },
  {
    program: 'Python',
    line: 'lambda: 0.5 min: 3',
    pattern: String.raw`\blambda: <float> min: (\d+)`,
    captures: 'lambda_value min_value',
  },
  {
    program: 'colours',
    line: 'loss: \u001b[1m0.31\u001b[0m acc',
    selected: '0.31',
    pattern: String.raw`\bloss: (?:\x1b\[[\d;]*[A-Za-z])?<float>`,
    captures: 'loss',
  },
];

/** Where the selection is. */
export function spanOfSample({ line, selected }: Pick<SampleLine, 'line' | 'selected'>): {
  readonly start: number;
  readonly end: number;
} {
  const start = selected === undefined ? 0 : line.indexOf(selected);
  return { start, end: start + (selected ?? line).length };
}
